package dev.emergence.cli;

import dev.emergence.execute.device.Calibration;
import dev.emergence.execute.device.CohortSize;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.device.MachineMemory;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Cohort;
import dev.emergence.plan.Cost;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.ExecutionSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What the runs of a plan take, by how they stand. */
final class Estimate {
  /**
   * Operations a second of one core where nothing has been measured: about half of what matrix
   * products reach.
   */
  private static final double ASSUMED_FLOPS = 1e11;

  /**
   * Seconds that a run takes beside its steps: it is claimed, and its files are written and read.
   * Measured as 9.4 ms of processor time, a mean over 3,000 runs of 20 steps, on an Intel Xeon with
   * a local disk that other work used, too.
   */
  private static final double FILES = 0.01;

  /** Share of the whole time from which the time for files is told. */
  private static final double TOLD = 0.1;

  private final Map<String, Standing> standings = new LinkedHashMap<>();
  private final Map<String, Double> secondsPerStep = new LinkedHashMap<>();
  private final Map<String, Integer> replicas = new LinkedHashMap<>();
  private final Engines.Choice choice;
  private final ExecutionSpec spec;
  private final int jobs;
  private final MachineMemory machine = MachineMemory.here();

  /** Whether the speed of any run was measured. */
  private boolean measured;

  /** How far the steps that were expected are off for the runs that are finished. */
  private final double off;

  private Estimate(List<Standing> standings, Engines.Choice choice, ExecutionSpec spec, int jobs) {
    this.spec = spec;
    standings.forEach(s -> this.standings.put(s.run().id(), s));
    this.choice = choice;
    this.jobs = jobs;
    this.off = off(standings);
  }

  /** Measures each shape that is still to be trained, unless a speed is to be assumed. */
  static Estimate of(
      List<Standing> standings,
      Engines.Choice choice,
      ExecutionSpec spec,
      Optional<Integer> jobs,
      boolean assume)
      throws IOException {
    boolean measure =
        !assume && !choice.isNone() && standings.stream().anyMatch(s -> !s.isSettled());
    Estimate out =
        new Estimate(
            standings,
            choice,
            spec,
            jobs.or(spec::jobs).orElse(choice.defaultJobs(spec.threads())));
    for (Standing s : standings) {
      out.secondsPerStep.put(s.run().id(), s.run().cost().stepFlops() / ASSUMED_FLOPS);
      out.replicas.put(s.run().id(), choice.engine().replicas());
    }
    if (measure) {
      out.measure(out.open());
    }
    return out;
  }

  private void measure(List<PlannedRun> open) throws IOException {
    Map<String, String> shapes = new LinkedHashMap<>();
    open.forEach(run -> shapes.put(run.id(), Cohort.digest(run.run().config())));
    Map<String, Long> alike =
        shapes.values().stream().collect(Collectors.groupingBy(s -> s, Collectors.counting()));
    try (Calibration calibration = new Calibration(choice.engine())) {
      for (PlannedRun run : open) {
        if (exceedsMachine(run)) {
          // Measuring it would take the memory that others on this machine need.
          continue;
        }
        long of = alike.get(shapes.get(run.id()));
        CohortSize speed = calibration.speed(run, Math.toIntExact(of));
        measured = true;
        secondsPerStep.put(run.id(), speed.secondsPerStep());
        replicas.put(run.id(), speed.replicas());
      }
    }
  }

  /** The runs still to be trained, put together as they will be. */
  List<Cohort> cohorts(List<PlannedRun> runs) {
    return Cohort.group(runs.stream().filter(r -> !standings.get(r.id()).isSettled()).toList());
  }

  /** How many of a cohort's runs are trained at a time. */
  int atATime(Cohort cohort) {
    return Math.min(cohort.runs().size(), replicas.get(cohort.runs().get(0).id()));
  }

  private double seconds(PlannedRun run, double steps) {
    Standing standing = standings.get(run.id());
    Cost cost = run.cost();
    double evaluation =
        cost.stepFlops() > 0 ? cost.evaluationFlops() / cost.stepFlops() * cost.evaluations() : 0;
    if (standing.isSettled()) {
      return 0;
    }
    double left = Math.max(0, steps - standing.step());
    return FILES + left * secondsPerStep.get(run.id()) * (1 + evaluation);
  }

  /** Seconds for the files of a run, where they are much of what these runs take. */
  OptionalDouble files(List<PlannedRun> runs) {
    double all = runs.stream().mapToDouble(this::expected).sum();
    return runs.size() * FILES >= TOLD * all ? OptionalDouble.of(FILES) : OptionalDouble.empty();
  }

  /**
   * Whether a computing time is estimated for a run. A flow is integrated in steps whose number
   * only the integration finds.
   */
  static boolean isTimed(PlannedRun run) {
    return !run.run().config().training().optimizer().inTime();
  }

  double expected(PlannedRun run) {
    return seconds(run, expectedSteps(run));
  }

  /**
   * As what is stored tells; else by law and stop rules, corrected by how far those were off for
   * runs that are finished.
   */
  double expectedSteps(PlannedRun run) {
    return standings.get(run.id()).expectedEnd(off * run.cost().expectedSteps());
  }

  private static double off(List<Standing> standings) {
    double[] ratios =
        standings.stream()
            .filter(s -> s.state() == Standing.State.COMPLETE && s.step() > 0)
            .filter(s -> s.run().cost().worstSteps() > 1)
            .mapToDouble(s -> s.step() / Math.max(1, s.run().cost().expectedSteps()))
            .sorted()
            .toArray();
    return ratios.length == 0 ? 1 : ratios[ratios.length / 2];
  }

  double worst(PlannedRun run) {
    return seconds(run, worstSteps(run));
  }

  double disk(PlannedRun run) {
    return new DiskNeed(spec).after(run, expectedSteps(run));
  }

  /** If nothing emerges, and so each run may be continued. */
  double worstDisk(PlannedRun run) {
    return new DiskNeed(spec).after(run, worstSteps(run));
  }

  private double worstSteps(PlannedRun run) {
    Standing stands = standings.get(run.id());
    return stands.isSettled() ? stands.step() : Math.min(run.cost().worstSteps(), stands.end());
  }

  long memory(PlannedRun run) {
    return MachineMemory.isSharedBy(choice.device())
        ? MachineMemory.need(run)
        : run.cost().memoryBytes();
  }

  boolean exceedsMachine(PlannedRun run) {
    return MachineMemory.isSharedBy(choice.device()) && machine.isExceededBy(run);
  }

  /** A sentence where what is left needs more memory than there is. */
  Optional<String> shortage() {
    return MachineMemory.isSharedBy(choice.device())
        ? machine.shortage(open(), jobs)
        : Optional.empty();
  }

  private List<PlannedRun> open() {
    return standings.values().stream().filter(s -> !s.isSettled()).map(Standing::run).toList();
  }

  int atOnce(List<PlannedRun> runs) {
    return Math.max(1, Math.min(jobs, runs.size()));
  }

  /** Time of all runs: no less than a job's share, or than the longest takes. */
  double together(List<PlannedRun> runs, ToDoubleFunction<PlannedRun> time) {
    double sum = runs.stream().mapToDouble(time).sum();
    double longest = runs.stream().mapToDouble(time).max().orElse(0);
    return Math.max(sum / atOnce(runs), longest);
  }

  boolean isSettled(PlannedRun run) {
    return standings.get(run.id()).isSettled();
  }

  Standing.State state(PlannedRun run) {
    return standings.get(run.id()).state();
  }

  /** Seconds of one step, measured or assumed. */
  double secondsPerStep(PlannedRun run) {
    return secondsPerStep.get(run.id());
  }

  /** Whether the speed of any run was measured. */
  boolean isMeasured() {
    return measured;
  }

  /** Whether expected steps were corrected by those of runs that are finished. */
  boolean isLearnt() {
    return off != 1;
  }

  Engines.Choice choice() {
    return choice;
  }

  /** Memory of this machine, or of the container around this process. */
  long machineBytes() {
    return machine.bytes();
  }

  /** For programs; null stands for what is not estimated. */
  Map<String, Object> tree(Plan plan) {
    List<Object> runs = new ArrayList<>();
    for (PlannedRun run : plan.runs()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("run", run.id());
      one.put("state", StatusCommand.word(standings.get(run.id()).state()));
      one.put("seed", run.run().seed());
      boolean timed = isTimed(run);
      one.put("steps_expected", timed ? expectedSteps(run) : null);
      one.put("steps_worst", timed ? worstSteps(run) : null);
      one.put("seconds_per_step", timed ? secondsPerStep.get(run.id()) : null);
      one.put("replicas", replicas.get(run.id()));
      one.put("seconds_expected", timed ? expected(run) : null);
      one.put("seconds_worst", timed ? worst(run) : null);
      one.put("parameters", run.cost().parameters());
      one.put("memory_bytes", memory(run));
      one.put("disk_bytes", disk(run));
      one.put("disk_bytes_worst", worstDisk(run));
      runs.add(one);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("experiment", plan.experiment().name());
    out.put("device", choice.device());
    out.put("measured", measured);
    out.put("jobs", jobs);
    out.put("cohorts", cohorts(plan.runs()).size());
    out.put("conditions_and_seeds", plan.assignments().size());
    List<PlannedRun> timed = plan.runs().stream().filter(Estimate::isTimed).toList();
    out.put("seconds_expected", timed.isEmpty() ? null : together(timed, this::expected));
    out.put("seconds_worst", timed.isEmpty() ? null : together(timed, this::worst));
    out.put("runs", runs);
    return out;
  }
}
