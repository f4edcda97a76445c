package dev.emergence.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Moving-window sums (Gopalani and Hu 2025, "What Happens During the Loss Plateau? Understanding
 * Abrupt Learning in Transformers"): numbers x_1 to x_n from 1 to p - 1, a separator, then the
 * outputs y_i = x_i + x_{i-1} + ... modulo p, of the last w numbers up to x_i, or of as many as
 * there are. So y_1 copies x_1. A window of 1 copies all numbers, one of n gives the prefix sums.
 *
 * <p>An output also follows from the one before it: y_i = y_{i-1} + x_i - x_{i-w}, without the last
 * term for i up to w. A model may learn this instead, since earlier outputs are in the input. For w
 * = n it reads x_i alone, beside the token at which it predicts. The ground truth, {@code parents},
 * is the window.
 */
@Kind(
    value = "window_sum",
    doc =
        "Numbers, a separator, then the sum of the last few numbers up to each, modulo p. The first"
            + " sum is a copy of the first number. Each sum is predicted from the numbers and the"
            + " sums before it.")
public record WindowSum(
    @Key(
            doc =
                "Number of numbers that are summed. A sequence has 2 * numbers + 1 tokens: these,"
                    + " a separator, and a sum for each.",
            symbol = "n",
            min = 2,
            max = 2048,
            value = "16")
        int numbers,
    @Key(
            doc =
                "Number of numbers in a sum: the last ones, fewer at the start. 1: each number is"
                    + " copied; numbers: prefix sums, which also follow from the sum before.",
            symbol = "w",
            min = 1,
            max = 2048,
            value = "2",
            atMost = "task.numbers")
        int window,
    @Key(
            doc =
                "What sums are computed modulo, p. Numbers are drawn from 1 to p - 1, all equally"
                    + " likely.",
            min = 3,
            max = 1024,
            value = "17")
        int modulus,
    @Key(
            doc =
                "Which tokens are predicted. all: every token but the first; outputs: the sums, the"
                    + " only ones that can be learned but for the separator.",
            value = "outputs")
        Scored scored)
    implements TaskSpec {

  /** Which tokens are predicted. */
  public enum Scored {
    /** Every token but the first. */
    ALL,
    /** The sums. */
    OUTPUTS
  }

  /** Tokens in a sequence, L. */
  public int length() {
    return 2 * numbers + 1;
  }

  /** The token between numbers and sums. */
  public int separator() {
    return modulus;
  }

  /**
   * How many numbers are summed.
   *
   * @param output from 0
   */
  public int terms(int output) {
    return Math.min(output + 1, window);
  }

  /** Nothing is. */
  @Override
  public boolean drawsOnce(boolean repeats) {
    return false;
  }

  @Override
  public void rules(Parts parts) {
    if (window > numbers) {
      parts.report(Problem.exceeds("task.window", window, numbers, "task.numbers"));
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents();
  }

  @Override
  public boolean answersAreInput() {
    return true;
  }

  /** The separator is a class where it is predicted. */
  @Override
  public Prediction predicts() {
    boolean all = scored == Scored.ALL;
    Span span = all ? new Span(0, length() - 1) : new Span(numbers, numbers);
    int out = numbers - span.first();
    List<Slice> slices = new ArrayList<>(List.of(new Slice("out", out, numbers, 1)));
    for (int row = 0; row < numbers; row++) {
      slices.add(new Slice("row." + row, out + row, 1, 1));
    }
    int classes = modulus + (all ? 1 : 0);
    return new Prediction(length(), modulus + 1, true, classes, Loss.CROSS_ENTROPY, span, slices);
  }
}
