package dev.emergence.theory;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the expected loss of the toy model depends on (Zucchet et al. 2025, Eqs. 1-2 and section
 * 2.1).
 *
 * @param dim d, the size of a token and of the target
 * @param length T, tokens in a sequence, the relevant ones included
 * @param inContext B, copies of the relevant token in a sequence
 * @param crossSample p, the probability that the relevant token is the special one
 */
public record Setting(int dim, int length, int inContext, double crossSample) {
  public Setting {
    if (dim < 1 || length < 1) {
      throw new IllegalArgumentException(
          "dim and length must be at least 1, got " + dim + " and " + length);
    }
    if (inContext < 1 || inContext > length) {
      throw new IllegalArgumentException(
          "in_context must be from 1 to the length " + length + ", got " + inContext);
    }
    if (!(crossSample >= 0 && crossSample <= 1)) {
      throw new IllegalArgumentException("cross_sample must be from 0 to 1, got " + crossSample);
    }
  }

  /**
   * The setting that a run is trained in, before any change of its repetition.
   *
   * @throws NotApplicable when the task is not linear regression
   */
  public static Setting of(RunConfig config) {
    if (!(config.task() instanceof TaskSpec.LinearRegression task)) {
      throw new NotApplicable(
          "the toy model learns linear_regression, got a task of type "
              + config.task().getClass().getSimpleName());
    }
    return new Setting(
        task.dim(),
        task.sequenceLength(),
        config.repetition().inContext(),
        config.repetition().crossSample());
  }

  /** What each test set of a run is drawn with; what it leaves open is as training begins. */
  static Map<String, Setting> tested(RunConfig config) {
    Setting begun = of(config);
    Map<String, Setting> tested = new LinkedHashMap<>();
    config
        .measurement()
        .testSets()
        .forEach(
            (name, set) ->
                tested.put(
                    name,
                    begun.with(
                        set.inContext().orElse(begun.inContext()),
                        set.crossSample().orElse(begun.crossSample()))));
    return tested;
  }

  /** The same with another repetition. */
  public Setting with(int otherInContext, double otherCrossSample) {
    return new Setting(dim, length, otherInContext, otherCrossSample);
  }

  /** T - B, tokens that do not count. */
  public int irrelevant() {
    return length - inContext;
  }

  /** σ̃ = p + (1-p)/d: second moment of the relevant token along the special one (App. A.4.1). */
  public double specialVariance() {
    return crossSample + (1 - crossSample) / dim;
  }

  /** σ = (1-p)/d: second moment of the relevant token along any other direction (App. A.4.1). */
  public double plainVariance() {
    return (1 - crossSample) / dim;
  }
}
