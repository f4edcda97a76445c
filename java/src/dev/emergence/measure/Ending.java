package dev.emergence.measure;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Stop;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import java.util.Map;

/**
 * Where a run ends for one condition: at its limit, or earlier after the threshold at which it
 * stops. A pure function of what was measured, so a run that others continued ends for this
 * condition where its own training would have ended.
 *
 * @param limit last step, or end of a gradient flow, when nothing stops the run earlier
 * @param thresholds by name
 * @param stop when the run may end earlier
 */
public record Ending(double limit, Map<String, Threshold> thresholds, Stop stop) {
  private static final double ROUNDING = 1e-14;

  public Ending {
    if (stops(stop) && !thresholds.containsKey(stop.when().get())) {
      throw new IllegalArgumentException(
          "stop.when names '" + stop.when().get() + "'; thresholds are " + thresholds.keySet());
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

  private static boolean stops(Stop stop) {
    return !stop.never() && stop.when().isPresent();
  }

  /**
   * The last step of a training, as far as the curve tells: an evaluation, unless it is the limit.
   *
   * @param curve its rows so far; later rows than the ending do not change it
   */
  public long lastStep(Curve curve, int evaluateEvery) {
    if (reached(curve) instanceof Emergence.Reached reached) {
      double held =
          reached.step() + (thresholds.get(stop.when().get()).hold() - 1.0) * evaluateEvery;
      double end = Math.max(reached.step() * (1 + stop.extra()), held);
      // 110 % of 100 is a little more than 110 in floating point, and still no further evaluation.
      double evaluations = Math.ceil(end / evaluateEvery * (1 - ROUNDING));
      return (long) Math.min(limit, evaluations * evaluateEvery);
    }
    return (long) limit;
  }

  /** The end of an integration, whose crossings are located to a negligible error. */
  public double end(Curve curve) {
    return reached(curve) instanceof Emergence.Reached reached
        ? Math.min(limit, reached.step() * (1 + stop.extra()))
        : limit;
  }

  private Emergence reached(Curve curve) {
    String name = stops(stop) ? stop.when().get() : "";
    boolean measured = stops(stop) && curve.has(thresholds.get(name).metric());
    return measured
        ? Emergence.of(curve, name, thresholds.get(name))
        : new Emergence.Unreached(name, 0);
  }
}
