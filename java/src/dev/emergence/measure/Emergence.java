package dev.emergence.measure;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec;
import org.apiguardian.api.API;

/**
 * The first crossing of a threshold in a stored curve. The result is a bracket of steps, or
 * unreached. An unreached run is never dropped.
 *
 * <p>An evaluation whose metric is NaN passes no threshold.
 */
@API(status = API.Status.MAINTAINED)
public sealed interface Emergence {
  /** The name of the threshold. */
  String threshold();

  /**
   * The threshold was crossed.
   *
   * @param threshold name of the threshold
   * @param step the first evaluation from which {@code hold} evaluations in a row pass (the paper's
   *     plateau length)
   * @param lower the last evaluation before {@code step} at which the metric was measured. The
   *     crossing lies in (lower, step]. If the very first evaluation passes, it is equal to {@code
   *     step}.
   * @param interpolated an estimate of the crossing between the two evaluations. The logarithm of
   *     the metric is taken as linear in the step; if a value is not positive, the metric itself.
   * @param lastUpCrossing the last evaluation that passes after one that did not. It is later than
   *     {@code step} if what had emerged was lost in between.
   */
  record Reached(
      String threshold, double step, double lower, double interpolated, double lastUpCrossing)
      implements Emergence {}

  /**
   * The threshold was not crossed.
   *
   * @param threshold name of the threshold
   * @param lastStep the last evaluation by which it was certainly not crossed: the last one at
   *     which the metric was measured. Evaluations at the end that pass, but are fewer than {@code
   *     hold}, do not count. 0 for an empty curve.
   */
  record Unreached(String threshold, double lastStep) implements Emergence {}

  /**
   * Finds the crossing of a threshold in a curve.
   *
   * @param curve what was measured
   * @param name name of the threshold
   * @param threshold what counts as emerged
   * @throws IllegalArgumentException when the curve has no column of the threshold's metric; the
   *     message lists the known columns
   */
  static Emergence of(Curve curve, String name, MeasurementSpec.Threshold threshold) {
    return new Crossing(curve, threshold).emergence(name);
  }
}
