package dev.emergence.spec;

import java.util.List;
import java.util.Optional;

/** How learning rates differ between the parameters of a model. */
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

  /** One learning rate for all. */
  public static final Rates EQUAL = new Rates(List.of(), Scale.NONE);

  /** Copies the list. */
  public Rates {
    groups = List.copyOf(groups);
  }

  /** What a learning rate is divided by. */
  public enum Scale {
    /** By nothing. */
    NONE,
    /** By the numbers that a matrix reads (Yang et al. 2021). */
    FAN_IN
  }

  /** Whether there is one learning rate for all. */
  public boolean isEqual() {
    return equals(EQUAL);
  }

  /** The group whose rates a parameter has. */
  public Optional<ParameterGroup> groupOf(Parameter parameter) {
    return groups.stream().filter(group -> group.holds(parameter)).reduce((a, b) -> b);
  }

  /** The learning rate of a parameter, of which the optimiser has {@code base}; 0 if frozen. */
  public double of(Parameter parameter, double base) {
    double own = groupOf(parameter).map(group -> group.rate(base)).orElse(base);
    return scale == Scale.FAN_IN ? own / parameter.fanIn() : own;
  }
}
