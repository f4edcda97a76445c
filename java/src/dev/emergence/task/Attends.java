package dev.emergence.task;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The positions to which some queries should attend, the same in every sequence.
 *
 * @param name name of this kind of attention, {@code parents}
 * @param queries the positions that attend, from 0
 * @param keys for each of them, the positions to which it should attend
 */
@API(status = API.Status.EXPERIMENTAL)
public record Attends(String name, int[] queries, int[][] keys) {
  /** Checks that there are keys for each query. */
  public Attends {
    if (queries.length == 0 || queries.length != keys.length) {
      throw new IllegalArgumentException(
          name + ": " + queries.length + " queries and keys of " + keys.length);
    }
  }

  /**
   * Checks that all positions are those of a sequence.
   *
   * @throws IllegalArgumentException naming one that is not
   */
  void requireWithin(int length) {
    IntStream positions =
        IntStream.concat(Arrays.stream(queries), Arrays.stream(keys).flatMapToInt(Arrays::stream));
    positions
        .filter(at -> at < 0 || at >= length)
        .findFirst()
        .ifPresent(
            at -> {
              throw new IllegalArgumentException(
                  name + ": position " + at + " is not in 0.." + (length - 1));
            });
  }

  /** The largest number of keys of a query. */
  public int most() {
    return Arrays.stream(keys).mapToInt(k -> k.length).max().orElse(1);
  }
}
