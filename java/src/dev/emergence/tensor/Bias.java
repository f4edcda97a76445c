package dev.emergence.tensor;

import java.util.Optional;

/**
 * A number that is added to the scores of some queries with some keys, before the causal mask
 * (Baherwani et al., App. B.3).
 *
 * @param on the queries and their keys; what stands in a list twice is added twice
 * @param strength (R), one number a replica
 * @param heads (R, H) i32, not 0 for the heads that are biased; absent: all
 * @param firstQuery the position of the attention's query 0; listed queries before it are left out
 */
public record Bias(Parents on, Tensor strength, Optional<Tensor> heads, int firstQuery) {

  /** A bias of all heads of an attention whose first query is at position 0. */
  public Bias(Parents on, Tensor strength) {
    this(on, strength, Optional.empty(), 0);
  }
}
