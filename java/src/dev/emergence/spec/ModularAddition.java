package dev.emergence.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sums modulo p of which training sees a part (Power et al. 2022, "Grokking: Generalization Beyond
 * Overfitting on Small Algorithmic Datasets"; Nanda et al. 2023, "Progress measures for grokking
 * via mechanistic interpretability"): a sequence is two numbers and an equals sign, at which the
 * sum is predicted. The pairs of numbers are split once a run. Training draws from its own alone,
 * and can learn them by heart; the held-out ones, which test sets have, ask for the rule. Under
 * weight decay it is often found long after all training pairs are known.
 *
 * <p>The split is drawn with what else is fixed for a run, so that {@code seeds.vary} without
 * {@code task} gives all seeds the same one. A larger share has all pairs of a smaller one.
 */
@Kind(
    value = "modular_addition",
    doc =
        "Two numbers and an equals sign. Their sum modulo p is predicted at the last position."
            + " Training has a part of all pairs, and test sets the others.")
public record ModularAddition(
    @Key(
            doc = "Modulus p. There are p numbers, p * p pairs of them, and p sums.",
            symbol = "p",
            min = 2,
            max = 1024,
            value = "113")
        int modulus,
    @Key(
            doc =
                "Share of the pairs that are training pairs, drawn once a run. The others are held"
                    + " out: training never draws them.",
            symbol = "f",
            min = 0,
            max = 1,
            value = "0.3")
        double trainingShare,
    @Key(
            doc =
                "How pairs are drawn for training. ordered: each of the p * p pairs by itself, so"
                    + " that the mirrored pair (b, a) of a held-out pair (a, b), which has the same"
                    + " sum, may be a training pair; unordered: a pair together with its mirrored"
                    + " pair.",
            value = "ordered")
        Split split)
    implements TaskSpec {

  /** Numbers and the equals sign. */
  public static final int LENGTH = 3;

  /** How pairs are drawn for training. */
  public enum Split {
    /** Each pair by itself, as in both papers. */
    ORDERED,
    /** A pair and its mirrored pair. */
    UNORDERED
  }

  /** What can be asked of a model, beside the held-out pairs. */
  public enum Prompts {
    /** The sums of training pairs, which can be known by heart. */
    TRAINING
  }

  /**
   * How many pairs there are to draw from, a pair and its mirrored pair once where they go
   * together.
   */
  public int drawable() {
    return split == Split.ORDERED ? modulus * modulus : modulus * (modulus + 1) / 2;
  }

  /** How many of {@link #drawable} are for training: the share, rounded. */
  public int drawn() {
    return (int) Math.round(trainingShare * drawable());
  }

  @Override
  public boolean holdsOut() {
    return true;
  }

  @Override
  public List<String> prompts() {
    return Arrays.stream(Prompts.values()).map(Keys::word).toList();
  }

  @Override
  public void rules(Parts parts) {
    if (drawn() == 0 || drawn() == drawable()) {
      parts.report(
          "task.training_share",
          (drawn() == 0 ? "no pair is a training pair" : "no pair is held out")
              + ": training_share * "
              + drawable()
              + " is rounded to "
              + drawn(),
          "use a " + (drawn() == 0 ? "larger" : "smaller") + " share, or a larger modulus",
          "task.modulus");
    }
    if (parts.repetition().dataset().isPresent()) {
      parts.report(
          "repetition.dataset",
          "the training pairs are a data set already, and " + Keys.kindOf(this) + " has no other",
          "leave dataset out, and set task.training_share",
          "task.kind");
    }
  }

  /**
   * Of held-out pairs: a model that knows the training pairs by heart and does not tell (a, b) from
   * (b, a) has the sum of those whose mirrored pair is among them. Of all held-out pairs these are
   * n / (p (p + 1)) on average, where n is the number of training pairs.
   */
  @Override
  public Optional<Guess> guess(int copies) {
    if (split == Split.UNORDERED) {
      return Optional.of(Guess.ofAny(modulus));
    }
    double mirrored = drawn() / (modulus * (modulus + 1.0));
    return Optional.of(
        new Guess(
            mirrored + (1 - mirrored) / modulus,
            "knowing the training pairs by heart and taking (a, b) for (b, a)",
            "m + (1 - m)/p",
            "p = " + modulus + ", m = training pairs/(p * (p + 1))"));
  }

  @Override
  public Optional<Guess> guess(String set, boolean whole) {
    return Optional.of(Guess.ofAny(modulus));
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents();
  }

  @Override
  public Prediction predicts() {
    return Prediction.ofLast(LENGTH, modulus + 1, true, modulus, Loss.CROSS_ENTROPY);
  }
}
