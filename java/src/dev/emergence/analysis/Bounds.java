package dev.emergence.analysis;

import dev.emergence.spec.Numeral;
import org.apiguardian.api.API;

/**
 * A number that may be known only in part. If it is known, both bounds are equal. If only a lower
 * limit is known, the upper bound is infinite.
 *
 * @param lower lower bound; NaN when nothing is known
 * @param upper upper bound; NaN when nothing is known
 */
@API(status = API.Status.MAINTAINED)
public record Bounds(double lower, double upper) {
  static final Bounds UNKNOWN = new Bounds(Double.NaN, Double.NaN);

  static Bounds exactly(double value) {
    return new Bounds(value, value);
  }

  /** Whether the number itself is known. */
  public boolean known() {
    return lower == upper;
  }

  /** Whether it is known from below alone: any larger number is possible. */
  public boolean open() {
    return Double.isFinite(lower) && upper == Double.POSITIVE_INFINITY;
  }

  /** This number over another; unknown where a sign leaves the order of ratios open, and over 0. */
  Bounds over(Bounds other) {
    if (other.known() && other.lower == 0) {
      return UNKNOWN;
    }
    return lower > 0 && other.lower > 0
        ? new Bounds(lower / other.upper, upper / other.lower)
        : known() && other.known() ? exactly(lower / other.lower) : UNKNOWN;
  }

  /** The number in words: {@code 3.2}, {@code at least 3.2}, {@code unknown}. */
  public String words() {
    if (known()) {
      return Numeral.of(lower);
    }
    if (Double.isNaN(lower) || (lower <= 0 && Double.isInfinite(upper))) {
      return "unknown";
    }
    return Double.isInfinite(upper)
        ? "at least " + Numeral.of(lower)
        : lower <= 0
            ? "at most " + Numeral.of(upper)
            : Numeral.of(lower) + " to " + Numeral.of(upper);
  }
}
