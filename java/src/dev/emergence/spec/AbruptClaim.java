package dev.emergence.spec;

import java.util.Map;
import java.util.Optional;

/** Whether a metric changes within a small part of a training. */
@Kind(
    value = "abrupt",
    doc =
        "The share of a metric's change that falls into the part of a run in which it changes most."
            + " The whole change is from the first evaluation to the last. A metric that changes at"
            + " one pace all along gives the same share as window.")
public record AbruptClaim(
    @Key(doc = "The sweep.") String data,
    @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
    @Key(
            doc =
                "Metric: copy.probability, test.loss. With a *, as in test.loss.row.*, each metric"
                    + " of this form counts by itself.")
        String metric,
    @Key(
            doc =
                "Length of the part, as a share of the run up to its last evaluation. The share of"
                    + " the change is taken between two evaluations at most so far apart, so"
                    + " that many should lie within it.",
            value = "5%",
            unit = "share",
            min = 0.0001,
            max = 1)
        double window,
    @Key(
            doc =
                "Curves whose whole change is smaller than this, either way, are left out: what was"
                    + " not learned changes by chance alone.",
            value = "0",
            min = 0)
        double leastChange,
    @Key(doc = "Lower bound on the share of the change.", value = Key.ABSENT)
        Optional<Double> atLeast,
    @Key(doc = "Upper bound on the share of the change.", value = Key.ABSENT)
        Optional<Double> atMost,
    @Key(
            doc = "Smallest share of curves whose share of the change is within the bounds.",
            value = "100%",
            unit = "share",
            min = 0,
            max = 1)
        double curves)
    implements ClaimSpec {
  private static final double ROUNDING = 1e-9;

  /**
   * The longest distance between two evaluations within the part. 29 % of 100 steps are a little
   * less than 29 in floating point, and still include evaluations 29 steps apart.
   *
   * @param length of the run, in steps or time
   */
  public double within(double length) {
    return window * length * (1 + ROUNDING);
  }

  @Override
  public String statement() {
    return "share of the change of "
        + metric
        + " within "
        + Numeral.of(100 * window)
        + "% of each run of "
        + data;
  }
}
