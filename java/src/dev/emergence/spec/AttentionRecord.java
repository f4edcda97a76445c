package dev.emergence.spec;

/** A number that is recorded for each layer and head. */
public enum AttentionRecord {
  /** Mean attention of the read-out position on relevant tokens. */
  RELEVANT,
  /**
   * Mean entropy of the attention of the read-out position, or of all that have parents, in nats.
   */
  ENTROPY,
  /** Mean attention of the relevant value's position on its key (associative recall, Fig. 17). */
  VALUE_TO_KEY,
  /** Mean attention of the query on the relevant value (associative recall, Fig. 17). */
  QUERY_TO_VALUE,
  /** Mean attention of the queries on their parents: the tokens that decide their targets. */
  PARENTS,
  /** Overlap of the keys that a head attends to most with the parents, and what it is by chance. */
  IOU,
  /**
   * Mean attention of every position on the tokens on which it depends itself: those just before it
   * (Markov chains, triggers), or its parent in the graph (causal graphs).
   */
  PREVIOUS
}
