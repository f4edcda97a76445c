package dev.emergence.execute;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.process.Launcher;
import dev.emergence.execute.process.ProcessPool;
import dev.emergence.execute.run.Agenda;
import dev.emergence.execute.run.Bench;
import dev.emergence.execute.run.Chances;
import dev.emergence.execute.run.Guarded;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.LocalPool;
import dev.emergence.execute.run.Moving;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Site;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Standings;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.spec.ExecutionSpec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Carries out a plan: does what is missing, leaves alone what is there. */
public final class Execution {
  private final Engine engine;
  private final int jobs;
  private final Interrupt interrupt;
  private final Progress progress;
  private final ProcessIdentity me;
  private final Chances chances;
  private final Optional<Launcher.Choice> launcher;

  /**
   * An execution on this machine.
   *
   * @param engine what trains
   * @param jobs most runs at a time
   * @param interrupt asks for a stop
   * @param progress hears what happens
   */
  public Execution(Engine engine, int jobs, Interrupt interrupt, Progress progress) {
    this(engine, jobs, interrupt, progress, ProcessIdentity.current());
  }

  Execution(Engine engine, int jobs, Interrupt interrupt, Progress progress, ProcessIdentity me) {
    this(engine, jobs, interrupt, progress, me, Chances.THIS_START, Optional.empty());
  }

  private Execution(
      Engine engine,
      int jobs,
      Interrupt interrupt,
      Progress progress,
      ProcessIdentity me,
      Chances chances,
      Optional<Launcher.Choice> launcher) {
    this.engine = engine;
    this.jobs = jobs;
    this.interrupt = interrupt;
    this.progress = progress;
    this.me = me;
    this.chances = chances;
    this.launcher = launcher;
  }

  /**
   * The same with every worker a process of its own, so that a crash costs one attempt at one run.
   */
  public Execution inProcesses(String device, int threads) {
    return inProcesses(Launcher.usual(device, threads));
  }

  /** The same with processes that are started as given. */
  public Execution inProcesses(Launcher.Choice start) {
    return new Execution(engine, jobs, interrupt, progress, me, chances, Optional.of(start));
  }

  /**
   * The same as one of a cluster's workers, which a scheduler starts again and again: deaths over a
   * run count from one start to the next. Otherwise every unfinished run gets a fresh chance.
   */
  public Execution overManyStarts() {
    return new Execution(engine, jobs, interrupt, progress, me, Chances.ALL_STARTS, launcher);
  }

  /** The runs of a plan as they stand, in the plan's order. Reads only. */
  public static List<Standing> standings(Plan plan, ResultsFolder results) {
    return Standings.of(plan, results).all();
  }

  /**
   * Works until every run is settled, or a stop was asked for.
   *
   * @throws IOException when results cannot be written
   * @throws dev.emergence.execute.device.Unavailable when the device cannot be had
   * @throws RuntimeException what the listener threw, when all is saved
   */
  public Summary run(Plan plan, ResultsFolder results) throws IOException {
    return run(plan, Standings.of(plan, results));
  }

  /**
   * As {@link #run(Plan, ResultsFolder)}, where it was just looked at.
   *
   * @param before how the plan's runs stand
   */
  public Summary run(Plan plan, Standings before) throws IOException {
    ResultsFolder results = before.results();
    tidy(before.all(), results);
    List<PlannedRun> open = before.open();
    Guarded listener = new Guarded(progress, interrupt);
    listener.open(open);
    listener.begun(before.begun());
    chances.renew(open, results);
    int computed = open.isEmpty() ? 0 : work(plan, open, results, listener);
    listener.rethrow();
    return new Summary(before.again(), computed, interrupt.cause(), interrupt.reason());
  }

  private int work(Plan plan, List<PlannedRun> open, ResultsFolder results, Progress listener)
      throws IOException {
    boolean trained = open.stream().anyMatch(run -> run.run().config().architecture().isTrained());
    ExecutionSpec spec = plan.experiment().execution();
    return launcher.isPresent() && trained
        ? new ProcessPool(launcher.get().launcher(open, atOnce(open)), chances, interrupt, listener)
            .work(spec, open, results, atOnce(open))
        : workHere(plan, open, results, listener);
  }

  private int atOnce(List<PlannedRun> open) {
    return Math.max(1, Math.min(jobs, open.size()));
  }

  private void tidy(List<Standing> standings, ResultsFolder results) throws IOException {
    List<RunFolder> untidy =
        standings.stream()
            .filter(Standing::isSettled)
            .map(s -> results.run(s.run().id()))
            .filter(RunFolder::hasLeftovers)
            .toList();
    if (untidy.isEmpty()) {
      return;
    }
    try (Claims claims = new Claims(results, me)) {
      for (RunFolder folder : untidy) {
        Optional<Claims.Claim> claim = claims.take(folder.path().getFileName().toString());
        if (claim.isPresent()) {
          folder.tidy();
          claim.get().close();
        }
      }
    }
  }

  private int workHere(Plan plan, List<PlannedRun> open, ResultsFolder results, Progress listener)
      throws IOException {
    ExecutionSpec spec = plan.experiment().execution();
    try (Claims claims = new Claims(results, me)) {
      Site site = new Site(results, "", spec, chances, interrupt, new Moving(listener, claims));
      LocalPool pool =
          new LocalPool(() -> new Bench(site, engine), site, spec.retries(), spec.onFailure());
      Agenda agenda = new Agenda(open, Agenda.versions(open, results), site, claims);
      return pool.work(agenda, atOnce(open));
    }
  }
}
