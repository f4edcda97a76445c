package dev.emergence.spec.expr;

/** A formula that cannot be understood. */
public final class ExpressionError extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private final int at;
  private final int length;

  /**
   * A mistake in a text.
   *
   * @param at offset of the first character at fault
   * @param length number of characters at fault, at least 1
   */
  public ExpressionError(String message, int at, int length) {
    super(message);
    this.at = at;
    this.length = Math.max(1, length);
  }

  /** Offset of the first character at fault. */
  public int at() {
    return at;
  }

  /** Number of characters at fault. */
  public int length() {
    return length;
  }
}
