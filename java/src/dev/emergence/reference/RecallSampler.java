package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Place;
import dev.emergence.tensor.RecallDraw;
import dev.emergence.tensor.RecallDraw.Lanes;
import java.util.Arrays;

/**
 * Draws batches of associative recall, one sequence after the other, as {@link RecallDraw} defines
 * them.
 */
final class RecallSampler {
  private final RecallDraw draw;
  private final int pairs;
  private final int length;

  RecallSampler(RecallDraw draw) {
    this.draw = draw;
    this.length = draw.sequence().dim(2);
    this.pairs = (length - 1) / 2;
  }

  void draw() {
    for (int r = 0; r < draw.sequence().replicas(); r++) {
      int at = start(draw.keys(), r);
      RandomStream stream = new RandomStream(ints(draw.keys())[at], ints(draw.keys())[at + 1]);
      for (int n = 0; n < draw.sequence().dim(1); n++) {
        sequence(r, n, stream);
      }
    }
  }

  private void sequence(int r, int n, RandomStream stream) {
    Place at =
        stream.place(
            ints(draw.dataset())[start(draw.dataset(), r)],
            ints(draw.step())[start(draw.step(), r)],
            n);
    int query = query(r, stream.lane(Lanes.QUERY, at.step(), at.sample()));
    int[] marked = slots(r, stream.lane(Lanes.SLOTS, at.step(), at.sample()));
    int[] others = others(query);
    int[] values = everyToken();
    RandomLane keyLane = stream.lane(Lanes.KEYS, at.step(), at.sample());
    RandomLane valueLane = stream.lane(Lanes.VALUES, at.step(), at.sample());
    int target = Subsets.shuffle(values, 0, valueLane.bounded(0, values.length));
    int[] sequence = ints(draw.sequence());
    int row = start(draw.sequence(), r) + n * length;
    int m = 0;
    for (int slot = 0; slot < pairs; slot++) {
      int key = query;
      int value = target;
      if (marked[slot] == 0) {
        key = Subsets.shuffle(others, m, m + keyLane.bounded(m, others.length - m));
        m++;
        value = Subsets.shuffle(values, m, m + valueLane.bounded(m, values.length - m));
      }
      sequence[row + 2 * slot] = key;
      sequence[row + 2 * slot + 1] = value;
    }
    sequence[row + 2 * pairs] = query;
    ints(draw.target())[start(draw.target(), r) + n] = target;
    markGroundTruth(r, n, marked);
  }

  private int query(int r, RandomLane lane) {
    int count = Math.toIntExact(draw.favoured().perReplica());
    int favoured = ints(draw.favoured())[start(draw.favoured(), r) + lane.bounded(1, count)];
    int any = lane.bounded(2, draw.tokens());
    return lane.coin(0, doubles(draw.crossSample())[start(draw.crossSample(), r)]) ? favoured : any;
  }

  private int[] everyToken() {
    int[] tokens = new int[draw.tokens()];
    Arrays.setAll(tokens, v -> v);
    return tokens;
  }

  private int[] others(int query) {
    int[] tokens = new int[draw.tokens() - 1];
    Arrays.setAll(tokens, v -> v < query ? v : v + 1);
    return tokens;
  }

  /** 1 for each slot that holds the query. */
  private int[] slots(int r, RandomLane lane) {
    int copies = ints(draw.inContext())[start(draw.inContext(), r)];
    int[] slots = new int[pairs];
    switch (draw.placement()) {
      case AT_LEAST_ONE -> {
        tossCoins(slots, lane, 1, copies - 1, pairs - 1);
        slots[lane.bounded(0, pairs)] = 1;
      }
      case BINOMIAL -> tossCoins(slots, lane, 1, copies, pairs);
      case BINOMIAL_POSITIVE -> {
        boolean any = false;
        for (int attempt = 0; attempt < RecallDraw.ATTEMPTS && !any; attempt++) {
          any = tossCoins(slots, lane, 1 + (long) attempt * pairs, copies, pairs);
        }
        if (!any) {
          slots[lane.bounded(0, pairs)] = 1;
        }
      }
      case EXACTLY -> {
        for (int i = 0; i < copies; i++) {
          int last = pairs - copies + i;
          Subsets.floyd(slots, 0, last, lane.bounded(1 + i, last + 1));
        }
      }
    }
    return slots;
  }

  /**
   * Marks each slot with probability successes / trials, from one word each. Returns whether any is
   * marked.
   */
  private static boolean tossCoins(
      int[] slots, RandomLane lane, long first, int successes, int trials) {
    boolean any = false;
    for (int slot = 0; slot < slots.length; slot++) {
      boolean marked = lane.coin(first + slot, successes, trials);
      slots[slot] = marked ? 1 : 0;
      any |= marked;
    }
    return any;
  }

  private void markGroundTruth(int r, int n, int[] marked) {
    int relevant = start(draw.relevant(), r) + n * length;
    int keys = start(draw.key(), r) + n * length;
    Arrays.fill(ints(draw.relevant()), relevant, relevant + length, 0);
    Arrays.fill(ints(draw.key()), keys, keys + length, 0);
    int first = -1;
    for (int slot = pairs - 1; slot >= 0; slot--) {
      if (marked[slot] == 1) {
        ints(draw.relevant())[relevant + 2 * slot + 1] = 1;
        first = slot;
      }
    }
    ints(draw.value())[start(draw.value(), r) + n] = first < 0 ? -1 : 2 * first + 1;
    if (first >= 0) {
      ints(draw.key())[keys + 2 * first] = 1;
    }
  }
}
