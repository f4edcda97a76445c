package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RecallDraw;
import dev.emergence.tensor.RecallDraw.Lanes;

/** Draws batches of associative recall, one sequence after the other, as {@link RecallDraw} defines them. */
final class RecallSampler {
  private final RecallDraw draw;
  private final int pairs;

  RecallSampler(RecallDraw draw) {
    this.draw = draw;
    this.pairs = draw.slots().dim(2);
  }

  void draw() {
    for (int r = 0; r < draw.slots().replicas(); r++) {
      int at = start(draw.keys(), r);
      RandomStream stream = new RandomStream(ints(draw.keys())[at], ints(draw.keys())[at + 1]);
      for (int n = 0; n < draw.slots().dim(1); n++) {
        sequence(r, n, stream);
      }
    }
  }

  private void sequence(int r, int n, RandomStream stream) {
    int step = ints(draw.step())[start(draw.step(), r)];
    int query = query(r, stream.lane(Lanes.QUERY, step, n));
    placeQuery(r, n, stream.lane(Lanes.SLOTS, step, n));
    RandomLane keyLane = stream.lane(Lanes.KEYS, step, n);
    RandomLane valueLane = stream.lane(Lanes.VALUES, step, n);
    int[] others = new int[draw.tokens() - 1];
    int[] values = new int[draw.tokens()];
    for (int v = 0; v < values.length; v++) {
      values[v] = v;
      if (v != query) {
        others[v < query ? v : v - 1] = v;
      }
    }
    int target = Subsets.shuffle(values, 0, valueLane.bounded(0, values.length));
    int[] sequence = ints(draw.sequence());
    int row = start(draw.sequence(), r) + n * (2 * pairs + 1);
    int m = 0;
    for (int slot = 0; slot < pairs; slot++) {
      if (ints(draw.slots())[start(draw.slots(), r) + n * pairs + slot] == 1) {
        sequence[row + 2 * slot] = query;
        sequence[row + 2 * slot + 1] = target;
        continue;
      }
      sequence[row + 2 * slot] = Subsets.shuffle(others, m, m + keyLane.bounded(m, others.length - m));
      m++;
      sequence[row + 2 * slot + 1] = Subsets.shuffle(values, m, m + valueLane.bounded(m, values.length - m));
    }
    sequence[row + 2 * pairs] = query;
    ints(draw.target())[start(draw.target(), r) + n] = target;
  }

  private int query(int r, RandomLane lane) {
    int count = Math.toIntExact(draw.favoured().perReplica());
    int favoured = ints(draw.favoured())[start(draw.favoured(), r) + lane.bounded(1, count)];
    int any = lane.bounded(2, draw.tokens());
    return lane.coin(0, doubles(draw.crossSample())[start(draw.crossSample(), r)]) ? favoured : any;
  }

  private void placeQuery(int r, int n, RandomLane lane) {
    int copies = ints(draw.inContext())[start(draw.inContext(), r)];
    int[] slots = ints(draw.slots());
    int row = start(draw.slots(), r) + n * pairs;
    for (int slot = 0; slot < pairs; slot++) {
      slots[row + slot] = 0;
    }
    switch (draw.placement()) {
      case AT_LEAST_ONE -> {
        tossCoins(slots, row, lane, 1, copies - 1, pairs - 1);
        slots[row + lane.bounded(0, pairs)] = 1;
      }
      case BINOMIAL -> tossCoins(slots, row, lane, 1, copies, pairs);
      case BINOMIAL_POSITIVE -> {
        boolean any = false;
        for (int attempt = 0; attempt < RecallDraw.ATTEMPTS && !any; attempt++) {
          any = tossCoins(slots, row, lane, 1 + (long) attempt * pairs, copies, pairs);
        }
        if (!any) {
          slots[row + lane.bounded(0, pairs)] = 1;
        }
      }
      case EXACTLY -> {
        for (int i = 0; i < copies; i++) {
          int last = pairs - copies + i;
          Subsets.floyd(slots, row, last, lane.bounded(1 + i, last + 1));
        }
      }
    }
  }

  /** Marks each slot with probability successes / trials, from one word each. Returns whether any is marked. */
  private boolean tossCoins(int[] slots, int row, RandomLane lane, long first, int successes, int trials) {
    boolean any = false;
    for (int slot = 0; slot < pairs; slot++) {
      boolean marked = lane.coin(first + slot, successes, trials);
      slots[row + slot] = marked ? 1 : 0;
      any |= marked;
    }
    return any;
  }
}
