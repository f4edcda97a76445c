package dev.emergence.analysis;

import dev.emergence.spec.FitSpec.Expectation;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An expectation and the number that it is about.
 *
 * @param name name of the number: a parameter of the formula, or r2
 * @param expectation the bounds
 * @param value the number; NaN when there is none
 */
@API(status = API.Status.MAINTAINED)
public record Met(String name, Expectation expectation, double value) {

  /** Why an expectation is not met. */
  public enum Miss {
    /** There is no number. */
    NO_NUMBER("there is no such number"),
    /** The number is below the bounds. */
    BELOW("below its band"),
    /**
     * The number is above the bounds. A better number than expected is not met either, because it
     * shows that something differs.
     */
    ABOVE("above its band");

    private final String words;

    Miss(String words) {
      this.words = words;
    }

    /** The reason in words. */
    public String words() {
      return words;
    }
  }

  /** Whether the number keeps every bound. Without a number, no bound is kept. */
  public boolean holds() {
    return miss().isEmpty();
  }

  /** Why the expectation is not met; empty when it is. */
  public Optional<Miss> miss() {
    if (Double.isNaN(value)) {
      return Optional.of(Miss.NO_NUMBER);
    }
    double distance = expectation.near().map(near -> value - near).orElse(0.0);
    double allowed = expectation.within().orElse(0.0);
    if (distance < -allowed || value < expectation.atLeast().orElse(Double.NEGATIVE_INFINITY)) {
      return Optional.of(Miss.BELOW);
    }
    boolean above =
        distance > allowed || value > expectation.atMost().orElse(Double.POSITIVE_INFINITY);
    return above ? Optional.of(Miss.ABOVE) : Optional.empty();
  }
}
