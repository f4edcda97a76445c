package dev.emergence.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Lists of queries and keys to test attention with. */
final class AttentionLists {
  private AttentionLists() {}

  /**
   * About two thirds of the queries in any order with up to three keys each, and entries without a
   * query; queries and keys that a causal mask hides among them.
   *
   * @param sequences 1 or the batch
   */
  static Parents of(Bench bench, String name, AttentionCase c, int sequences) {
    int entries = 2 * c.queries() / 3 + 2;
    int width = Math.min(3, c.keys());
    // Of its text: the hash of an enumeration differs from one virtual machine to the next.
    Random random = new Random(name.hashCode() + c.toString().hashCode() % 1000L + sequences);
    List<Integer> queries = new ArrayList<>();
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < c.replicas() * sequences; i++) {
      List<Integer> order = new ArrayList<>();
      for (int q = 0; q < c.queries(); q++) {
        order.add(q);
      }
      order.addAll(List.of(-1, -1));
      Collections.shuffle(order, random);
      queries.addAll(order.subList(0, entries));
      for (int e = 0; e < entries; e++) {
        keys.addAll(some(c.keys(), width, random));
      }
    }
    return new Parents(
        name,
        bench.integers(name + " queries", ints(queries), c.replicas(), sequences, entries),
        bench.integers(name + " keys", ints(keys), c.replicas(), sequences, entries, width));
  }

  /** Different keys, the last of them absent at times. */
  private static List<Integer> some(int count, int width, Random random) {
    List<Integer> all = new ArrayList<>();
    for (int j = 0; j < count; j++) {
      all.add(j);
    }
    Collections.shuffle(all, random);
    List<Integer> some = new ArrayList<>(all.subList(0, width));
    if (random.nextBoolean()) {
      some.set(width - 1, -1);
    }
    return some;
  }

  private static int[] ints(List<Integer> values) {
    int[] ints = new int[values.size()];
    Arrays.setAll(ints, values::get);
    return ints;
  }
}
