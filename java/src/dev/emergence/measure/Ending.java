package dev.emergence.measure;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Stop;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import java.util.Map;

/**
 * Where a run ends for one condition: at its limit, or earlier after the thresholds for which it
 * waits. A pure function of what was measured, so a run that others continued ends for this
 * condition where its own training would have ended.
 *
 * @param limit last step, or end of a gradient flow, when nothing stops the run earlier
 * @param thresholds by name
 * @param stop when the run may end earlier
 */
public record Ending(double limit, Map<String, Threshold> thresholds, Stop stop) {
  private static final double ROUNDING = 1e-14;

  public Ending {
    if (!thresholds.keySet().containsAll(stop.thresholds())) {
      throw new IllegalArgumentException(
          "stop names " + stop.thresholds() + "; thresholds are " + thresholds.keySet());
    }
  }

  /** What a configuration states. */
  public static Ending of(RunConfig config) {
    return new Ending(
        limit(config), config.measurement().thresholds(), config.measurement().stop());
  }

  /** The longest that a run of a configuration may take: steps, or time of a gradient flow. */
  public static double limit(RunConfig config) {
    boolean flow = config.training().optimizer().inTime();
    return flow ? config.training().maxTime() : config.training().maxSteps();
  }

  /** The last step of a training that a configuration asks for, as far as a curve of it tells. */
  public static long lastStep(RunConfig config, Curve curve) {
    return of(config).lastStep(curve, config.measurement().evaluateEvery());
  }

  /**
   * The last step of a training, as far as the curve tells: an evaluation, unless it is the limit.
   *
   * @param curve its rows so far; later rows than the ending do not change it
   */
  public long lastStep(Curve curve, int evaluateEvery) {
    return (long)
        latest(
            curve,
            (reached, hold) -> {
              double held = reached + (hold - 1.0) * evaluateEvery;
              double end = Math.max(reached * (1 + stop.extra()), held);
              // 110 % of 100 is a little more than 110 in floating point, and still no further
              // evaluation.
              return Math.ceil(end / evaluateEvery * (1 - ROUNDING)) * evaluateEvery;
            });
  }

  /** The end of an integration, whose crossings are located to a negligible error. */
  public double end(Curve curve) {
    return latest(curve, (reached, hold) -> reached * (1 + stop.extra()));
  }

  /** The latest end after a threshold of the stop, once all have emerged, and before the limit. */
  private double latest(Curve curve, EndAfter after) {
    double end = stop.thresholds().isEmpty() ? limit : 0;
    for (String name : stop.thresholds()) {
      Threshold threshold = thresholds.get(name);
      boolean measured = curve.has(threshold.metric());
      if (measured && Emergence.of(curve, name, threshold) instanceof Emergence.Reached reached) {
        end = Math.max(end, after.end(reached.step(), threshold.hold()));
      } else {
        return limit;
      }
    }
    return Math.min(limit, end);
  }

  /** Where a run would end that waits for one threshold. */
  private interface EndAfter {
    double end(double reached, int hold);
  }
}
