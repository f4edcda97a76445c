package dev.emergence.spec;

import java.util.List;
import java.util.Optional;

/** How the learning rates of a model's parameters differ. */
public record Rates(
    @Key(
            doc =
                "Groups of parameters with their own rates. If several groups contain a"
                    + " parameter, the last one counts.",
            value = "[]",
            since = 2)
        List<ParameterGroup> groups,
    @Key(
            doc =
                "fan_in divides the learning rate of every weight matrix, except"
                    + " embeddings, by its number of inputs, as in muP (Yang et al. 2021).",
            value = "none",
            since = 2)
        Scale scale) {

  /** All parameters have the same learning rate. */
  public static final Rates EQUAL = new Rates(List.of(), Scale.NONE);

  /** Copies the list. */
  public Rates {
    groups = List.copyOf(groups);
  }

  /** By what the learning rate of a weight matrix is divided. */
  public enum Scale {
    /** It is not divided. */
    NONE,
    /** By the number of the matrix's inputs (Yang et al. 2021). */
    FAN_IN
  }

  /** Whether all parameters have the same learning rate. */
  public boolean isEqual() {
    return equals(EQUAL);
  }

  /**
   * The group that decides the rate of a parameter: the last one that contains it; empty when none
   * does.
   */
  public Optional<ParameterGroup> groupOf(Parameter parameter) {
    return groups.stream().filter(group -> group.holds(parameter)).reduce((a, b) -> b);
  }

  /** How the learning rate of a parameter that is not frozen follows from the optimiser's. */
  public Rule ruleOf(Parameter parameter) {
    Optional<ParameterGroup> group = groupOf(parameter);
    Optional<Double> fixed = group.flatMap(ParameterGroup::learningRate);
    double factor =
        fixed.isPresent() ? 1 : group.flatMap(ParameterGroup::learningRateFactor).orElse(1.0);
    return new Rule(fixed, factor, scale == Scale.FAN_IN ? parameter.fanIn() : 1);
  }

  /**
   * Makes a parameter's learning rate, before any schedule, of the optimiser's.
   *
   * @param fixed stands instead of the optimiser's
   * @param factor the optimiser's is multiplied by it
   * @param divisor the result is divided by it
   */
  public record Rule(Optional<Double> fixed, double factor, double divisor) {
    /** The learning rate. */
    public double of(double base) {
      return fixed.orElse(base * factor) / divisor;
    }
  }
}
