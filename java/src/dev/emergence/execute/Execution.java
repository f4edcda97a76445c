package dev.emergence.execute;

import dev.emergence.plan.Cohort;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.ExecutionSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Carries out a plan: does what is missing, leaves alone what is there. */
public final class Execution {
  private final Engine engine;
  private final int jobs;
  private final Interrupt interrupt;
  private final Progress progress;

  /**
   * An execution on this machine.
   *
   * @param engine what trains
   * @param jobs most runs at a time
   * @param interrupt asks for a stop
   * @param progress hears what happens
   */
  public Execution(Engine engine, int jobs, Interrupt interrupt, Progress progress) {
    this.engine = engine;
    this.jobs = jobs;
    this.interrupt = interrupt;
    this.progress = progress;
  }

  /** The runs of a plan as they stand, in the plan's order. Reads only. */
  public static List<Standing> standings(Plan plan, ResultsFolder results) {
    return plan.runs().stream().map(run -> Standing.of(run, results)).toList();
  }

  /**
   * Works until every run is settled, or a stop was asked for.
   *
   * @throws IOException when results cannot be written
   * @throws Unavailable when the device cannot be had
   */
  public Summary run(Plan plan, ResultsFolder results) throws IOException {
    List<PlannedRun> open = open(standings(plan, results), results);
    ExecutionSpec spec = plan.experiment().execution();
    Site site = new Site(results, "", spec.checkpointEvery(), interrupt, progress);
    LocalPool pool = new LocalPool(() -> new Bench(site, engine.backends(), engine.trainings()), site, spec.retries(), spec.onFailure());
    int computed = open.isEmpty() ? 0 : pool.work(Cohort.group(open, engine.replicas()), jobs);
    return new Summary(standings(plan, results), computed, interrupt.reason());
  }

  private List<PlannedRun> open(List<Standing> standings, ResultsFolder results) throws IOException {
    List<PlannedRun> open = new ArrayList<>();
    for (Standing standing : standings) {
      if (standing.state() == Standing.State.DAMAGED) {
        var where = results.quarantine(standing.run().id(), standing.reason());
        progress.note("run " + standing.run().id() + " was damaged (" + standing.reason() + ") and lies in " + where + "; it is done again");
      }
      if (!standing.isSettled()) {
        open.add(standing.run());
      }
    }
    return open;
  }
}
