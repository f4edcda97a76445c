package dev.emergence.execute;

import dev.emergence.measure.Emergence;
import dev.emergence.plan.Demand;
import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec;
import java.util.List;

/**
 * How far a run must be trained, read off what has been measured so far: a pure function of demands
 * and curve, so a stored run is complete exactly when its training would have ended there.
 */
final class StopPolicy {
  private final List<Demand> demands;
  private final int evaluateEvery;

  /**
   * @param demands of all conditions that share the run; it goes on until the last of them is met
   */
  StopPolicy(List<Demand> demands, int evaluateEvery) {
    this.demands = demands;
    this.evaluateEvery = evaluateEvery;
  }

  /**
   * The step that all demands together ask for, as far as is known. It may lie before the curve's
   * end.
   */
  long target(Curve curve) {
    return demands.stream().mapToLong(d -> target(d, curve)).max().orElseThrow();
  }

  private long target(Demand demand, Curve curve) {
    MeasurementSpec.Stop stop = demand.stop();
    if (stop.never() || stop.when().isEmpty() || curve.size() == 0) {
      return demand.maxSteps();
    }
    String name = stop.when().get();
    MeasurementSpec.Threshold threshold = demand.thresholds().get(name);
    if (threshold == null) {
      throw new IllegalArgumentException(
          "stop.when names '" + name + "'; thresholds are " + demand.thresholds().keySet());
    }
    if (Emergence.of(curve, name, threshold) instanceof Emergence.Reached reached) {
      return Math.min(
          demand.maxSteps(),
          afterwards(reached.step() * (1 + stop.extra()), reached.step(), threshold.hold()));
    }
    return demand.maxSteps();
  }

  /** The tail's end, at an evaluation, and not before the evaluations that had to hold. */
  private long afterwards(double end, double reached, int hold) {
    double held = reached + (hold - 1.0) * evaluateEvery;
    return (long) (Math.ceil(Math.max(end, held) / evaluateEvery) * evaluateEvery);
  }
}
