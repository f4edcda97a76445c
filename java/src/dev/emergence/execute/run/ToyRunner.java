package dev.emergence.execute.run;

import dev.emergence.measure.Ending;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Run;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.Outcome;
import dev.emergence.result.Provenance;
import dev.emergence.result.RunFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.result.StoredRun;
import dev.emergence.task.RegressionConstants;
import dev.emergence.task.Replica;
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
  public void work(List<PlannedRun> runs, Supply supply, int attempt)
      throws IOException, Interrupt.Stopped {
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
              planned.demands(),
              outcome,
              curve,
              Optional.empty(),
              List.of(),
              List.of(),
              Provenance.of(site.device(), began)));
    }
  }

  /** W* and x̃ as the task draws them; W, where it is not 0, from the seed's own stream. */
  private static Trajectory integrate(Run run, List<Goal> goals) {
    Replica seeded = new Replica(run.config(), run.seed());
    RandomLane lane = seeded.stream(RandomStream.Purpose.INIT).lane(0, 0, 0);
    return ToyRun.integrate(
        run.config(),
        () -> {
          RegressionConstants drawn = RegressionConstants.draw(seeded);
          return ToyStart.of(run.config(), drawn.target(), drawn.special(), lane::normal);
        },
        goals);
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
    return planned.run().config().training().optimizer().inTime();
  }

  /**
   * Whether a stored integration has the rows that are asked for: they are chosen by the thresholds
   * and ends of all conditions that share it, so other ones mean other rows. Doing it again costs
   * next to nothing.
   */
  static boolean isAsAsked(PlannedRun planned, StoredRun stored, RunFolder folder) throws Damaged {
    double end = end(planned, stored.curve());
    boolean flow = isFlow(planned);
    double wanted = flow ? end * (1 - Trajectory.BRACKET) : Math.floor(end);
    return folder.isFor(planned.demands()) && stored.outcome().lastStep() >= wanted;
  }

  /** Where the last of the conditions that share the run ends, in steps or time. */
  static double end(PlannedRun planned, Curve curve) {
    return goals(planned).stream()
        .map(goal -> new Ending(goal.end(), goal.thresholds(), goal.stop()))
        .mapToDouble(ending -> ending.end(curve))
        .max()
        .orElseThrow();
  }
}
