package dev.emergence.theory;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec.Scores;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A closed form for the length of the plateau of linear regression, in time of the flow (steps of
 * gradient descent with learning rate 1). Plots name them in {@code theory:}.
 */
public enum Prediction {
  /**
   * Eq. 6 with its missing factor 2, ln(2ε/λ)/(2λ): where linearised dynamics leave the plateau,
   * for small λ.
   */
  ESCAPE_TIME_EQ6 {
    @Override
    public double time(Setting setting, Scores scores, double share) {
      return new Linearization(setting, scores).escapeTimeLogarithm(1 - share);
    }
  },
  /** App. A.3.2 before the logarithm, arcsinh(ε/λ)/(2λ). */
  ESCAPE_TIME {
    @Override
    public double time(Setting setting, Scores scores, double share) {
      return new Linearization(setting, scores).escapeTime(1 - share);
    }
  },
  /** √(π/2)/λ: with attention exponential in its score; for large d and T. */
  GAUSSIAN {
    @Override
    public double time(Setting setting, Scores scores, double share) {
      return new GaussianPlateau(setting, scores).leading();
    }
  },
  /**
   * {@link #GAUSSIAN} with a finite d and the time in which weights are learned afterwards: the one
   * to plan with.
   */
  PLATEAU {
    @Override
    public double time(Setting setting, Scores scores, double share) {
      return new GaussianPlateau(setting, scores).time(share);
    }
  };

  /**
   * The predicted time.
   *
   * @param share the loss that ends the plateau over the initial one, in (0, 1)
   */
  public abstract double time(Setting setting, Scores scores, double share);

  /**
   * The predicted time for a run of any architecture on linear regression; scores are tied unless a
   * toy model says otherwise.
   */
  public double time(RunConfig config, double share) {
    return time(Setting.of(config), ReducedFlow.scores(config), share);
  }

  /** The name in YAML, such as {@code escape_time_eq6}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The prediction of that name.
   *
   * @throws NotApplicable naming the known ones
   */
  public static Prediction named(String word) {
    return Arrays.stream(values())
        .filter(prediction -> prediction.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new NotApplicable(
                    "no prediction '"
                        + word
                        + "'; known: "
                        + Arrays.stream(values())
                            .map(Prediction::word)
                            .collect(Collectors.joining(", "))));
  }
}
