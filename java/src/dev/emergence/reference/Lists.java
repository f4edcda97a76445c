package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Bias;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;

/** Reads the lists of queries and keys that statistics and biases of attention are given. */
final class Lists {
  private static final int[] NONE = {};

  private Lists() {}

  /** Checks that a bias lists queries and keys that there are. */
  static void require(Attention a, Bias bias) {
    require("query of a bias", bias.on().queries(), a.shape().queries() + bias.firstQuery());
    require("key of a bias", bias.on().keys(), a.shape().keys());
  }

  /**
   * Checks that a list has positions that there are, or -1.
   *
   * @param what names an entry of the list
   * @param limit the number of positions
   */
  static void require(String what, Tensor list, int limit) {
    for (int r = 0; r < list.replicas(); r++) {
      int from = start(list, r);
      for (int i = from; i < from + list.perReplica(); i++) {
        int position = ints(list)[i];
        if (position < -1 || position >= limit) {
          throw new IllegalArgumentException(
              what + " is not in -1.." + (limit - 1) + ": " + position);
        }
      }
    }
  }

  /**
   * A query of a sequence; -1: none.
   *
   * @param queries (R, B or 1, E)
   */
  static int query(Tensor queries, int replica, int sequence, int entry) {
    int of = queries.dim(1) == 1 ? 0 : sequence;
    return ints(queries)[start(queries, replica) + of * queries.dim(2) + entry];
  }

  /** The keys of an entry, without the padding. */
  static int[] keys(Parents on, int replica, int sequence, int entry) {
    int of = on.sequences() == 1 ? 0 : sequence;
    int from = start(on.keys(), replica) + (of * on.entries() + entry) * on.width();
    return Arrays.stream(ints(on.keys()), from, from + on.width()).filter(j -> j >= 0).toArray();
  }

  /** The keys that a bias lists for query i of a head. */
  static int[] biased(Bias bias, int replica, int sequence, int head, int i) {
    if (bias.heads().isPresent()) {
      Tensor heads = bias.heads().get();
      if (ints(heads)[start(heads, replica) + head] == 0) {
        return NONE;
      }
    }
    for (int e = 0; e < bias.on().entries(); e++) {
      int listed = query(bias.on().queries(), replica, sequence, e);
      if (listed >= 0 && listed - bias.firstQuery() == i) {
        return keys(bias.on(), replica, sequence, e);
      }
    }
    return NONE;
  }
}
