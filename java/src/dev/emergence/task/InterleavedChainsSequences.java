package dev.emergence.task;

import dev.emergence.spec.InterleavedChains;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Data of {@link InterleavedChains}. The transition matrix is drawn from lane 0 of the task's
 * stream ({@link TransitionMatrix}). The lag of a sequence is 1 + bounded(0, lags) of lane 1. Its
 * first symbols, as many as the lag, are bounded(p, K) of lane 0. Symbol p is {@link RandomChoice}
 * by uniform(p) of lane 0 from the row of the symbol that stands a lag before it.
 */
final class InterleavedChainsSequences implements SequenceTask {
  private static final int SYMBOLS = 0;
  private static final int LAG = 1;
  private static final int MOST_EXAMPLES = 2048;
  private static final int LEAST_EXAMPLES = 16;
  private static final long WORK = 1 << 25;

  private final InterleavedChains spec;
  private final double[][] rows;

  private InterleavedChainsSequences(InterleavedChains spec, double[][] rows) {
    this.spec = spec;
    this.rows = rows;
  }

  static InterleavedChainsSequences of(InterleavedChains spec, RandomStream task) {
    return new InterleavedChainsSequences(
        spec, TransitionMatrix.draw(spec.symbols(), spec.concentration(), task.lane(0, 0, 0)));
  }

  /** The probability that the second symbol follows the first a lag later. */
  double probability(int first, int second) {
    return rows[first][second];
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    int lag = lag(stream, step, n);
    int[] x = symbols(lag, stream.lane(SYMBOLS, step, n));
    for (int p = 0; p < x.length; p++) {
      out.token(p, x[p]);
    }
    out.predictNext(x);
    for (int q = spec.lags() - 1; q < x.length - 1; q++) {
      out.attends(0, q - (spec.lags() - 1), q, q + 1 - lag);
    }
  }

  private int lag(RandomStream stream, int step, int n) {
    return 1 + stream.lane(LAG, step, n).bounded(0, spec.lags());
  }

  private int[] symbols(int lag, RandomLane lane) {
    int[] x = new int[spec.sequenceLength()];
    for (int p = 0; p < x.length; p++) {
      x[p] =
          p < lag
              ? lane.bounded(p, spec.symbols())
              : RandomChoice.of(rows[x[p - lag]], lane.uniform(p));
    }
    return x;
  }

  @Override
  public List<Attending> attending() {
    return List.of(new Attending("parents", spec.predicts().scored().count(), 1));
  }

  @Override
  public List<Level> levels(String testSet) {
    RandomStream stream = LevelEstimates.stream();
    ExpectedScores oracle = new ExpectedScores();
    ExpectedScores anyLag = new ExpectedScores();
    ExpectedScores unigram = new ExpectedScores();
    double[] often = TransitionMatrix.stationary(rows);
    LagPosterior unknown = new LagPosterior(spec.lags(), rows);
    for (int n = 0; n < examples(); n++) {
      int[] x = symbols(lag(stream, 0, n), stream.lane(SYMBOLS, 0, n));
      LagPosterior posterior = new LagPosterior(spec.lags(), rows);
      for (int p = 0; p < x.length; p++) {
        if (p >= spec.lags()) {
          double[] truth = posterior.predict(x, p);
          oracle.take(truth, truth);
          anyLag.take(truth, unknown.predict(x, p));
          unigram.take(truth, often);
        }
        posterior.add(x, p);
      }
    }
    List<Level> levels = new ArrayList<>();
    oracle.add(levels, "oracle", "infers the lag from the context, as Bayes does (estimated)");
    anyLag.add(levels, "any_lag", "takes all lags for equally likely (estimated)");
    unigram.add(levels, "unigram", "how often each symbol occurs (estimated)");
    levels.add(new Level("blind", "loss", Math.log(spec.symbols()), "all symbols equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / spec.symbols(), "any symbol"));
    return List.copyOf(levels);
  }

  private long examples() {
    long each = (long) spec.sequenceLength() * spec.lags() * spec.symbols();
    return Math.min(MOST_EXAMPLES, Math.max(LEAST_EXAMPLES, WORK / each));
  }

  /** How likely each lag is after the symbols so far. At first all are equally likely. */
  static final class LagPosterior {
    private final double[] weights;
    private final double[][] rows;

    LagPosterior(int lags, double[][] rows) {
      this.weights = new double[lags];
      this.rows = rows;
      Arrays.fill(weights, 1.0 / lags);
    }

    /** The probability of each symbol at position p, before which every lag fits. */
    double[] predict(int[] x, int p) {
      double[] out = new double[rows.length];
      for (int lag = 1; lag <= weights.length; lag++) {
        for (int symbol = 0; symbol < out.length; symbol++) {
          out[symbol] += weights[lag - 1] * rows[x[p - lag]][symbol];
        }
      }
      return out;
    }

    /** Learns symbol p. A lag that does not fit before it had any symbol there. */
    void add(int[] x, int p) {
      double sum = 0;
      for (int lag = 1; lag <= weights.length; lag++) {
        weights[lag - 1] *= lag <= p ? rows[x[p - lag]][x[p]] : 1.0 / rows.length;
        sum += weights[lag - 1];
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= sum;
      }
    }
  }
}
