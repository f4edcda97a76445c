package dev.emergence.task;

import dev.emergence.spec.TriggerBigrams;
import dev.emergence.spec.TriggerBigrams.Choice;
import dev.emergence.spec.TriggerBigrams.Outputs;
import dev.emergence.tensor.RandomLane;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The triggers of one sequence of {@link TriggerBigrams}. */
final class Triggers {
  private final int[] tokens;

  /** Which trigger each token is, -1 if none. */
  private final int[] number;

  /** Tokens that are none, rising, and of each trigger their probabilities as its output. */
  private final int[] others;

  private final double[][] laws;

  /**
   * @param tokens different ones
   * @param law of what follows each token where it is no trigger
   */
  Triggers(TriggerBigrams spec, int[] tokens, Bigrams law) {
    this.tokens = tokens;
    this.number = new int[spec.vocabulary()];
    Arrays.fill(number, -1);
    for (int k = 0; k < tokens.length; k++) {
      number[tokens[k]] = k;
    }
    this.others = IntStream.range(0, number.length).filter(t -> number[t] < 0).toArray();
    this.laws = new double[tokens.length][];
    for (int k = 0; k < tokens.length; k++) {
      int trigger = tokens[k];
      double[] weights =
          Arrays.stream(others)
              .mapToDouble(t -> spec.outputs() == Outputs.UNIFORM ? 1 : law.probability(trigger, t))
              .toArray();
      laws[k] = normalised(weights);
    }
  }

  private static double[] normalised(double[] weights) {
    double all = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / all).toArray();
  }

  /**
   * Draws triggers: the most frequent tokens; or each by its frequency among those that are left,
   * trigger k by uniform(k).
   */
  static int[] draw(TriggerBigrams spec, Bigrams law, RandomLane lane) {
    if (spec.choice() == Choice.FREQUENT) {
      return IntStream.range(0, spec.triggers()).toArray();
    }
    int[] left = IntStream.range(0, spec.vocabulary()).toArray();
    int[] drawn = new int[spec.triggers()];
    for (int k = 0; k < drawn.length; k++) {
      double[] weights =
          Arrays.stream(left).mapToDouble(t -> law.probability(Bigrams.NONE, t)).toArray();
      drawn[k] = left[RandomChoice.of(normalised(weights), lane.uniform(k))];
      int gone = drawn[k];
      left = Arrays.stream(left).filter(t -> t != gone).toArray();
    }
    return drawn;
  }

  /** An output for each trigger, that of trigger k by uniform(k). */
  int[] outputs(RandomLane lane) {
    int[] drawn = new int[tokens.length];
    for (int k = 0; k < drawn.length; k++) {
      drawn[k] = others[RandomChoice.of(laws[k], lane.uniform(k))];
    }
    return drawn;
  }

  /** Which trigger a token is, from 0; -1 if none. */
  int number(int token) {
    return number[token];
  }

  /** The probability of each token as the output of a trigger. */
  double[] law(int k) {
    double[] all = new double[number.length];
    for (int i = 0; i < others.length; i++) {
      all[others[i]] = laws[k][i];
    }
    return all;
  }
}
