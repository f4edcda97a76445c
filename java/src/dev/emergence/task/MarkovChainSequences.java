package dev.emergence.task;

import dev.emergence.spec.MarkovChain;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Data of {@link MarkovChain}. The first {@code order} symbols are bounded(p, K) of lane 0. Symbol
 * p is the first whose probability by {@link MarkovUrn}, with those of all smaller symbols, is
 * above uniform(p) of lane 0.
 */
final class MarkovChainSequences implements SequenceTask {
  private static final int SYMBOLS = 0;
  private static final int PARENTS = 0;
  private static final int PREVIOUS = 1;
  private static final int MOST_EXAMPLES = 2048;
  private static final int LEAST_EXAMPLES = 64;
  private static final int TOKENS = 1 << 17;

  private final MarkovChain spec;

  MarkovChainSequences(MarkovChain spec) {
    this.spec = spec;
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    int[] x = symbols(stream.lane(SYMBOLS, step, n));
    for (int p = 0; p < x.length; p++) {
      out.token(p, x[p]);
    }
    out.predictNext(x);
    attend(x, out);
  }

  private int[] symbols(RandomLane lane) {
    int[] x = new int[spec.sequenceLength()];
    MarkovUrn urn = new MarkovUrn(spec);
    double[] probabilities = new double[spec.symbols()];
    for (int p = 0; p < x.length; p++) {
      if (p < spec.order()) {
        x[p] = lane.bounded(p, spec.symbols());
      } else {
        urn.predict(x, p, probabilities);
        x[p] = RandomChoice.of(probabilities, lane.uniform(p));
        urn.add(x, p);
      }
    }
    return x;
  }

  private void attend(int[] x, SequenceOut out) {
    int order = spec.order();
    for (int q = order - 1; q < x.length - 1; q++) {
      int query = q;
      int[] followers =
          IntStream.rangeClosed(order, q).filter(p -> sameBefore(x, p, query + 1)).toArray();
      out.attends(PARENTS, q - (order - 1), q, followers);
    }
    for (int q = 1; q < x.length; q++) {
      out.attends(PREVIOUS, q - 1, q, IntStream.range(Math.max(0, q - order), q).toArray());
    }
  }

  /** Whether the {@code order} symbols before two positions are equal. */
  private boolean sameBefore(int[] x, int one, int other) {
    int order = spec.order();
    return Arrays.equals(x, one - order, one, x, other - order, other);
  }

  /** The symbols that followed the present context before, and the first step of finding them. */
  @Override
  public List<Attending> attending() {
    int length = spec.sequenceLength();
    int scored = spec.predicts().scored().count();
    return List.of(
        new Attending("parents", scored, scored),
        new Attending("previous", length - 1, spec.order()));
  }

  @Override
  public List<Level> levels(String testSet) {
    int examples =
        Math.min(MOST_EXAMPLES, Math.max(LEAST_EXAMPLES, TOKENS / spec.sequenceLength()));
    RandomStream stream = LevelEstimates.stream();
    ExpectedScores oracle = new ExpectedScores();
    ExpectedScores counting = new ExpectedScores();
    for (int n = 0; n < examples; n++) {
      score(symbols(stream.lane(SYMBOLS, 0, n)), oracle, counting);
    }
    List<Level> levels = new ArrayList<>();
    oracle.add(
        levels,
        "oracle",
        "counts what followed the last symbols so far, as Bayes does (estimated)");
    counting.add(levels, "in_context", "counts the symbols so far (estimated)");
    levels.add(new Level("blind", "loss", Math.log(spec.symbols()), "all symbols equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / spec.symbols(), "any symbol"));
    return List.copyOf(levels);
  }

  /** Of each symbol the loss and hits to expect, by Bayes' probabilities of what comes. */
  private void score(int[] x, ExpectedScores oracle, ExpectedScores counting) {
    MarkovUrn urn = new MarkovUrn(spec);
    double[] truth = new double[spec.symbols()];
    double[] seen = new double[spec.symbols()];
    // About the law of frequencies, which are a mean over rows: the more rows, the more equal.
    Arrays.fill(seen, spec.concentration() * spec.contexts());
    for (int p = 0; p < x.length; p++) {
      if (p >= spec.order()) {
        urn.predict(x, p, truth);
        oracle.take(truth, truth);
        counting.take(truth, seen);
        urn.add(x, p);
      }
      seen[x[p]]++;
    }
  }
}
