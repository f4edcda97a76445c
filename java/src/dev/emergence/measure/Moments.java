package dev.emergence.measure;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.Arrays;
import java.util.OptionalLong;

/** Steps of a training that are known by what was measured there. */
public final class Moments {
  private Moments() {}

  /**
   * The evaluation at which a crossing is certain: the crossing itself, or, of a threshold with
   * {@code hold}, the last of the evaluations that must pass. Later rows do not change it.
   *
   * @return empty when the threshold is not reached, or its metric is not in the curve
   */
  public static OptionalLong confirmed(Curve curve, Threshold threshold) {
    boolean reached = curve.has(threshold.metric());
    if (reached
        && Emergence.of(curve, threshold.metric(), threshold) instanceof Emergence.Reached r) {
      int row = Arrays.binarySearch(curve.steps(), r.step());
      return OptionalLong.of((long) curve.steps()[row + threshold.hold() - 1]);
    }
    return OptionalLong.empty();
  }
}
