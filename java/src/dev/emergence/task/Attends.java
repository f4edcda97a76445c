package dev.emergence.task;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * A kind of attention that is the same in every sequence: for some positions, what they should
 * attend to.
 *
 * @param name {@code parents}, ...
 * @param queries positions that attend, E of them
 * @param keys for each of them the positions that matter
 */
@API(status = API.Status.EXPERIMENTAL)
public record Attends(String name, int[] queries, int[][] keys) {
  /** Checks that each query has its keys. */
  public Attends {
    if (queries.length == 0 || queries.length != keys.length) {
      throw new IllegalArgumentException(
          name + ": " + queries.length + " queries and keys of " + keys.length);
    }
  }

  /** Most keys of a query. */
  public int most() {
    return Arrays.stream(keys).mapToInt(k -> k.length).max().orElse(1);
  }
}
