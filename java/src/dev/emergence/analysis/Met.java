package dev.emergence.analysis;

import dev.emergence.spec.FitSpec.Expectation;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An expectation beside the number it speaks of.
 *
 * @param name a parameter, or r2
 * @param value NaN when there is no such number
 */
@API(status = API.Status.MAINTAINED)
public record Met(String name, Expectation expectation, double value) {

  /** What is wrong with a number that does not hold. */
  public enum Miss {
    /** There is no number. */
    NO_NUMBER("there is no such number"),
    /** It lies below what is expected. */
    BELOW("below its band"),
    /** It lies above: better than expected is a miss too, as it says that something differs. */
    ABOVE("above its band");

    private final String words;

    Miss(String words) {
      this.words = words;
    }

    /** As a reader sees it. */
    public String words() {
      return words;
    }
  }

  /** Whether every bound is kept; no number keeps none. */
  public boolean holds() {
    return miss().isEmpty();
  }

  /** Which side of its bounds the number lies on; empty when it keeps them. */
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
