package dev.emergence.cli;

import dev.emergence.analysis.Observation;
import dev.emergence.analysis.State;
import dev.emergence.measure.Emergence;
import dev.emergence.measure.Ending;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.FolderUnusable;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stored run as the experiment of its folder sees it: by its thresholds, and up to its end. These
 * may have changed since the run was stored.
 *
 * @param config that of the experiment; where it has no such run, the stored one
 * @param end the last step (the time) that counts
 * @param difference from what is stored, in words; empty where there is none
 */
record AskedRun(StoredRun stored, RunConfig config, double end, String difference) {

  static AskedRun of(StoredRun stored, ResultsFolder results) {
    Optional<Plan> plan = plan(results);
    Optional<PlannedRun> planned = plan.map(p -> p.byId().get(stored.run().id()));
    double last = stored.outcome().lastStep();
    if (planned.isEmpty()) {
      String none = "no, the experiment of this folder has no such run";
      return new AskedRun(stored, stored.run().config(), last, plan.isPresent() ? none : "");
    }
    List<Observation> seen =
        plan.get().assignments().stream()
            .filter(a -> a.run().equals(stored.run().id()))
            .map(a -> Observation.of(a, Optional.of(stored)))
            .toList();
    RunConfig config = planned.get().run().config();
    if (seen.stream().anyMatch(o -> o.stored().isEmpty())) {
      String more = "further than that; the next `emergence run` goes on with it";
      return new AskedRun(stored, config, last, more);
    }
    double end = seen.stream().mapToDouble(Observation::end).max().orElse(last);
    boolean sooner = stored.curve().until(end).size() < stored.curve().size();
    return new AskedRun(stored, config, end, sooner ? "until " + Numbers.value(end) : "");
  }

  private static Optional<Plan> plan(ResultsFolder results) {
    try {
      return Optional.of(FolderArgument.plan(results));
    } catch (FolderUnusable e) {
      return Optional.empty();
    }
  }

  /** When each threshold was crossed, or why it was not, in the words of {@code list}. */
  Map<String, Object> thresholds() {
    Curve curve = stored.curve().until(end);
    Map<String, Object> out = new LinkedHashMap<>();
    config.measurement().thresholds().forEach((name, at) -> out.put(name, when(curve, name, at)));
    return out;
  }

  private Object when(Curve curve, String name, Threshold threshold) {
    boolean measured = curve.isMeasured(threshold.metric());
    return measured && Emergence.of(curve, name, threshold) instanceof Emergence.Reached r
        ? r.step()
        : unreached(measured).word();
  }

  private State unreached(boolean measured) {
    double last = stored.outcome().lastStep();
    boolean stopped = Math.min(end, last) < Ending.limit(config);
    State complete = !measured ? State.UNMEASURED : stopped ? State.STOPPED : State.UNREACHED;
    return switch (stored.outcome().state()) {
      case DIVERGED -> end < last ? complete : State.DIVERGED;
      case FAILED -> end < last ? complete : State.FAILED;
      case COMPLETE -> complete;
    };
  }
}
