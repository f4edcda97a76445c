package dev.emergence.spec;

import java.util.List;
import java.util.function.Function;

/** Checks that runs which are computed together agree in what such a computation has once. */
public final class Alike {
  private Alike() {}

  /**
   * @param whole what they are replicas of, such as {@code task}
   * @param what the value in words
   * @throws IllegalArgumentException naming the first replica that has another value than the first
   */
  public static void require(
      String whole, List<RunConfig> configs, String what, Function<RunConfig, Object> value) {
    Object first = value.apply(configs.get(0));
    for (int r = 1; r < configs.size(); r++) {
      Object other = value.apply(configs.get(r));
      if (!first.equals(other)) {
        throw new IllegalArgumentException(
            "replicas of one "
                + whole
                + " must have equal "
                + what
                + ", but replica 0 has "
                + first
                + " and replica "
                + r
                + " has "
                + other);
      }
    }
  }
}
