package dev.emergence.execute.run;

import dev.emergence.measure.Ending;
import dev.emergence.plan.Demand;
import dev.emergence.result.Curve;
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

  /** Whether a run ends at its limit for some condition, so that a larger one continues it. */
  boolean endsAtLimit(Curve curve) {
    return demands.stream().anyMatch(d -> target(d, curve) >= d.maxSteps());
  }

  private long target(Demand demand, Curve curve) {
    return new Ending(demand.maxSteps(), demand.thresholds(), demand.stop())
        .lastStep(curve, evaluateEvery);
  }
}
