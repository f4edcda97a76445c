package dev.emergence.execute.run;

import dev.emergence.measure.Ending;
import dev.emergence.measure.Moments;
import dev.emergence.plan.Demand;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Weights;
import dev.emergence.spec.MeasurementSpec.Checkpoints;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * At which steps a run's parameters are kept. It follows from what was measured alone, so a run
 * that was interrupted or trained in a cohort keeps the same ones.
 */
final class WeightsPolicy {
  private static final String LAST = "last";

  private final List<Demand> demands;
  private final int evaluateEvery;

  WeightsPolicy(PlannedRun planned) {
    this.demands = planned.demands();
    this.evaluateEvery = planned.run().config().measurement().evaluateEvery();
  }

  /**
   * The steps whose parameters are wanted, up to where a run stands.
   *
   * @param step where it stands
   * @param curve its rows until then, or longer
   * @param ended whether it ends there
   */
  TreeSet<Long> wanted(long step, Curve curve, boolean ended) {
    TreeSet<Long> out = new TreeSet<>();
    for (Demand demand : demands) {
      for (String at : demand.checkpoints().at()) {
        if (at.equals(LAST)) {
          long last = last(demand, curve);
          out.addAll(last <= step ? Set.of(last) : ended ? Set.of(step) : Set.of());
        } else if (isStep(at)) {
          out.add(Long.parseLong(at));
        } else {
          confirmed(demand, at, curve).ifPresent(out::add);
        }
      }
      spaced(demand.checkpoints(), step, out);
    }
    out.tailSet(step, false).clear();
    return out;
  }

  /** The end of one condition, which others may go beyond; its limit while nothing stops it. */
  private long last(Demand demand, Curve curve) {
    return new Ending(demand.maxSteps(), demand.thresholds(), demand.stop())
        .lastStep(curve, evaluateEvery);
  }

  private static OptionalLong confirmed(Demand demand, String threshold, Curve curve) {
    Threshold level = demand.thresholds().get(threshold);
    return level == null ? OptionalLong.empty() : Moments.confirmed(curve, level);
  }

  private static void spaced(Checkpoints checkpoints, long until, TreeSet<Long> to) {
    for (long at = 0; checkpoints.every() > 0 && at <= until; at += checkpoints.every()) {
      to.add(at);
    }
  }

  /** Whether the parameters at a step are to be kept, once it has been measured. */
  boolean due(long step, Curve curve, boolean ended) {
    return wanted(step, curve, ended).contains(step);
  }

  /** The next step at which training must pause for its parameters. */
  long next(long step) {
    long next = Long.MAX_VALUE;
    for (Demand demand : demands) {
      long every = demand.checkpoints().every();
      next = every > 0 ? Math.min(next, (step / every + 1) * every) : next;
      for (String at : demand.checkpoints().at()) {
        long known =
            at.equals(LAST) ? demand.maxSteps() : isStep(at) ? Long.parseLong(at) : Long.MIN_VALUE;
        next = known > step ? Math.min(next, known) : next;
      }
    }
    return next;
  }

  /**
   * Whether a run that stands at {@code step} lacks parameters that it can no longer take, or has
   * damaged ones: it would store them as its own, with a new checksum.
   */
  boolean missed(long step, Curve curve, Weights have) {
    return !have.areIntact(wanted(step, curve, false).headSet(step));
  }

  /** Whether a finished run has all parameters that its course allows. */
  boolean complete(long step, Curve curve, boolean ended, Weights have) {
    boolean any = demands.stream().anyMatch(d -> d.checkpoints().any());
    return !any || have.steps().containsAll(wanted(step, curve, ended));
  }

  private static boolean isStep(String at) {
    return at.matches("\\d{1,18}");
  }
}
