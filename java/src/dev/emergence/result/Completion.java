package dev.emergence.result;

/** What became of a run's result. */
public enum Completion {
  /** It is stored. */
  STORED,
  /** Another worker stored the same numbers meanwhile. */
  SAME_BITS,
  /**
   * Another worker stored other numbers meanwhile: a fault of determinism. Ours lie in {@code
   * ID.differs}.
   */
  OTHER_BITS
}
