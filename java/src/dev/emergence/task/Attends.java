package dev.emergence.task;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The positions to which some queries should attend, the same in every sequence.
 *
 * @param name name of this kind of attention, {@code parents}
 * @param queries the positions that attend, from 0, each once
 * @param keys for each of them, the positions to which it should attend, each once
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
   * Checks that all positions are those of a sequence, and that no query and no key of a query is
   * there twice.
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
    requireOnce(name, "query", queries, length);
    for (int[] each : keys) {
      requireOnce(name, "key", each, length);
    }
  }

  /**
   * Checks that no position is there twice: its attention would count twice in every mean.
   *
   * @param what names a position
   * @param positions below {@code length}; a negative one stands for none
   * @throws IllegalArgumentException naming one that is there twice
   */
  static void requireOnce(String name, String what, int[] positions, int length) {
    if (positions.length < 2) {
      return;
    }
    BitSet seen = new BitSet(length);
    for (int at : positions) {
      if (at >= 0 && seen.get(at)) {
        throw new IllegalArgumentException(name + ": " + what + " " + at + " is there twice");
      }
      if (at >= 0) {
        seen.set(at);
      }
    }
  }

  /** The largest number of keys of a query. */
  public int most() {
    return Arrays.stream(keys).mapToInt(k -> k.length).max().orElse(1);
  }
}
