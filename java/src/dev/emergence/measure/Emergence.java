package dev.emergence.measure;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec;
import org.apiguardian.api.API;

/**
 * The first crossing of a threshold, as read off a stored curve: a bracket of steps, or unreached
 * (censored), never dropped.
 *
 * <p>An evaluation whose metric is NaN passes no threshold.
 */
@API(status = API.Status.MAINTAINED)
public sealed interface Emergence {
  /** Name of the threshold. */
  String threshold();

  /**
   * The threshold was crossed.
   *
   * @param step the first evaluation that passes, and with it all of the {@code hold} evaluations
   *     from there (the paper's plateau length)
   * @param lower the last evaluation before {@code step} at which the metric was measured: the
   *     crossing lies in (lower, step]; equal to {@code step} when the very first evaluation passes
   * @param interpolated where the metric meets the level between the two, its logarithm taken as
   *     linear in the step (the metric itself where a value is not positive)
   * @param lastUpCrossing the last evaluation that passes after one that did not: later than {@code
   *     step} when what had emerged was lost again
   */
  record Reached(
      String threshold, double step, double lower, double interpolated, double lastUpCrossing)
      implements Emergence {}

  /**
   * The threshold was not crossed.
   *
   * @param lastStep the last evaluation by which it had surely not been: the last one at which the
   *     metric was measured, less those at the end that pass but do not make up a {@code hold}; 0
   *     for an empty curve
   */
  record Unreached(String threshold, double lastStep) implements Emergence {}

  /**
   * Reads a threshold off a curve.
   *
   * @param name the threshold's name
   * @param threshold what counts as emerged
   * @throws IllegalArgumentException when the curve has no column of the threshold's metric; names
   *     those it has
   */
  static Emergence of(Curve curve, String name, MeasurementSpec.Threshold threshold) {
    return new Crossing(curve, threshold).emergence(name);
  }
}
