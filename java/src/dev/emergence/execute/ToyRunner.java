package dev.emergence.execute;

import dev.emergence.measure.Ending;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Run;
import dev.emergence.plan.SpecTree;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.Provenance;
import dev.emergence.result.RunFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ArchitectureSpec.Dynamics;
import dev.emergence.spec.ArchitectureSpec.Toy;
import dev.emergence.spec.ArchitectureSpec.ToyInitialization;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.task.RegressionConstants;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.theory.Goal;
import dev.emergence.theory.ToyRun;
import dev.emergence.theory.ToyStart;
import dev.emergence.theory.Trajectory;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Integrates the toy model on the expected loss: no device, no checkpoints, and no state between
 * runs.
 */
final class ToyRunner implements Runner {
  private final Site site;

  ToyRunner(Site site) {
    this.site = site;
  }

  @Override
  public void work(List<PlannedRun> runs, int attempt) throws IOException, Interrupt.Stopped {
    for (PlannedRun planned : runs) {
      if (site.interrupt().requested()) {
        throw new Interrupt.Stopped();
      }
      RunFolder folder = site.results().run(planned.id());
      folder.recover();
      folder.begin();
      site.progress().started(planned, 0);
      Instant began = Instant.now();
      long clock = System.nanoTime();
      Trajectory path = integrate(planned.run(), goals(planned));
      Outcome.State state =
          path.failure().isEmpty() ? Outcome.State.COMPLETE : Outcome.State.DIVERGED;
      Outcome outcome =
          new Outcome(
              state, path.end(), path.failure(), attempt, (System.nanoTime() - clock) / 1e9);
      Curve curve = new Curve(path.columns(), path.times(), path.values());
      site.store(
          folder,
          planned,
          new RunRecord(
              planned.run(),
              outcome,
              curve,
              Optional.empty(),
              List.of(),
              Provenance.of("theory (float64)", began)));
    }
  }

  private static Trajectory integrate(Run run, List<Goal> goals) {
    Toy toy = (Toy) run.config().architecture();
    return toy.dynamics() == Dynamics.REDUCED
        ? ToyRun.integrate(run.config(), goals)
        : ToyRun.integrate(run.config(), start(run, toy), goals);
  }

  /**
   * Conditions that share the run each have their end and stop; the merged configuration would go
   * on to the latest end of all.
   */
  private static List<Goal> goals(PlannedRun planned) {
    boolean flow = isFlow(planned);
    return planned.demands().stream()
        .map(d -> new Goal(flow ? d.maxTime() : d.maxSteps(), d.thresholds(), d.stop()))
        .toList();
  }

  private static boolean isFlow(PlannedRun planned) {
    return planned.run().config().training().optimizer() instanceof OptimizerSpec.GradientFlow;
  }

  /**
   * Whether a stored integration has the rows that are asked for: they are chosen by thresholds and
   * end, so other ones mean other rows. Doing it again costs next to nothing.
   */
  static boolean isAsAsked(PlannedRun planned, StoredRun stored) {
    boolean same = json(planned.run().config()).equals(json(stored.run().config()));
    double end = end(planned, stored.curve());
    boolean flow = isFlow(planned);
    double wanted = flow ? end * (1 - Trajectory.BRACKET) : Math.floor(end);
    return same && stored.outcome().lastStep() >= wanted;
  }

  /** Where the last of the conditions that share the run ends, in steps or time. */
  static double end(PlannedRun planned, Curve curve) {
    return goals(planned).stream()
        .map(goal -> new Ending(goal.end(), goal.thresholds(), goal.stop()))
        .mapToDouble(ending -> ending.end(curve))
        .max()
        .orElseThrow();
  }

  private static String json(RunConfig config) {
    return CanonicalJson.of(SpecTree.of(config));
  }

  /** W* and x̃ as the task draws them; W from the seed's own stream. */
  private static ToyStart start(Run run, Toy toy) {
    LinearRegression task = (LinearRegression) run.config().task();
    RegressionConstants constants = RegressionConstants.draw(task, run.seed());
    int d = task.dim();
    double[][] weights = new double[d][d];
    if (toy.initialization() == ToyInitialization.NORMAL) {
      RandomLane lane = RandomStream.of(run.seed(), RandomStream.Purpose.INIT).lane(0, 0, 0);
      for (int i = 0; i < d * d; i++) {
        weights[i / d][i % d] = lane.normal(i) / Math.sqrt(d);
      }
    }
    double[][] target = new double[d][d];
    for (int i = 0; i < d; i++) {
      System.arraycopy(constants.target(), i * d, target[i], 0, d);
    }
    return new ToyStart(target, weights, constants.special());
  }
}
