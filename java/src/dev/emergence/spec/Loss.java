package dev.emergence.spec;

import java.util.List;

/** What compares a prediction with its target. */
public enum Loss {
  /** Half the squared distance to a vector, summed over coordinates. */
  SQUARED_ERROR,
  /** Cross entropy in nats with an integer class. */
  CROSS_ENTROPY;

  /**
   * What can be measured on a batch: {@code loss}, and {@code accuracy} where targets are classes.
   */
  public List<String> metrics() {
    return this == SQUARED_ERROR ? List.of("loss") : List.of("loss", "accuracy");
  }
}
