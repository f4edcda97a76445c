package dev.emergence.hub;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a model says to one prompt.
 *
 * @param probability of the right token, the mean over the tokens of the answer
 * @param solved whether the likeliest token is the right one in all of them, so that greedy
 *     decoding gives the answer
 * @param logitDifference how much higher the logit of the right token is than the foil's, the mean
 *     over the tokens that differ; NaN without a foil
 */
public record Answer(double probability, boolean solved, double logitDifference) {

  /** What is measured of a prompt set: means over its prompts. */
  public enum Measure {
    PROBABILITY(Answer::probability),
    SOLVED(a -> a.solved() ? 1 : 0),
    LOGIT_DIFFERENCE(Answer::logitDifference);

    private final ToDoubleFunction<Answer> of;

    Measure(ToDoubleFunction<Answer> of) {
      this.of = of;
    }

    /** The mean over prompts that have it; NaN where none has. */
    public double of(List<Answer> answers) {
      return answers.stream()
          .mapToDouble(of)
          .filter(v -> !Double.isNaN(v))
          .average()
          .orElse(Double.NaN);
    }
  }
}
