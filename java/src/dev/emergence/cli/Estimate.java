package dev.emergence.cli;

import dev.emergence.execute.device.Calibration;
import dev.emergence.execute.device.CohortSize;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.device.MachineMemory;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Cohort;
import dev.emergence.plan.Cost;
import dev.emergence.plan.Demand;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.Bytes;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.theory.Forecast;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What the runs of a plan take, by how they stand. */
final class Estimate {
  /**
   * Operations a second of one core where nothing has been measured: about half of what matrix
   * products reach.
   */
  private static final double ASSUMED_FLOPS = 1e11;

  /** Bytes of a row of a curve, about. */
  private static final double ROW_BYTES = 120;

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
  private List<Cohort> cohorts(List<PlannedRun> runs) {
    return Cohort.group(runs.stream().filter(r -> !standings.get(r.id()).isSettled()).toList());
  }

  /** How many of a cohort's runs are trained at a time. */
  private int atATime(Cohort cohort) {
    return Math.min(cohort.runs().size(), replicas.get(cohort.runs().get(0).id()));
  }

  private double seconds(PlannedRun run, double steps) {
    Standing standing = standings.get(run.id());
    Cost cost = run.cost();
    double evaluation =
        cost.stepFlops() > 0 ? cost.evaluationFlops() / cost.stepFlops() * cost.evaluations() : 0;
    double left = standing.isSettled() ? 0 : Math.max(0, steps - standing.step());
    return left * secondsPerStep.get(run.id()) * (1 + evaluation);
  }

  private double expected(PlannedRun run) {
    return seconds(run, expectedSteps(run));
  }

  /** By law and stop rules, corrected by how far those were off for runs that are finished. */
  private double expectedSteps(PlannedRun run) {
    return Math.min(run.cost().worstSteps(), off * run.cost().expectedSteps());
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

  /** What the expected steps rest on, where they may be far off; empty when they are sure. */
  private Optional<String> assumption(List<PlannedRun> runs) {
    boolean learnt = off != 1;
    if (learnt) {
      return Optional.of("expected steps follow from the runs that are finished");
    }
    return runs.stream()
        .filter(r -> !standings.get(r.id()).isSettled())
        .filter(r -> r.cost().expectedSteps() < r.cost().worstSteps())
        .flatMap(r -> Forecast.of(r.run().config()).stream())
        .filter(f -> !f.caveats().isEmpty())
        .findFirst()
        .map(
            f ->
                "expected steps by "
                    + f.law()
                    + ", a guess here: "
                    + String.join("; ", f.caveats())
                    + ". They may be many times more, up to the worst");
  }

  private double worst(PlannedRun run) {
    return seconds(run, run.cost().worstSteps());
  }

  private static boolean keeps(PlannedRun run, ExecutionSpec spec) {
    return switch (spec.keep()) {
      case ALL -> true;
      case UNREACHED ->
          run.demands().stream().anyMatch(d -> d.stop().never() || d.stop().when().isEmpty());
      case NONE -> false;
    };
  }

  /** Sets of parameters that are stored for studies, about. */
  private double weights(PlannedRun run) {
    double most = 0;
    for (Demand d : run.demands()) {
      long every = d.checkpoints().every();
      double spaced = every > 0 ? 1 + Math.floor(run.cost().expectedSteps() / every) : 0;
      most = Math.max(most, d.checkpoints().at().size() + spaced);
    }
    return most;
  }

  private double disk(PlannedRun run) {
    return (keeps(run, spec) ? run.cost().checkpointBytes() : 0)
        + (double) Float.BYTES * run.cost().parameters() * weights(run)
        + run.cost().expectedSteps() * run.cost().evaluations() * ROW_BYTES;
  }

  private long memory(PlannedRun run) {
    return MachineMemory.isSharedBy(choice.device())
        ? MachineMemory.need(run)
        : run.cost().memoryBytes();
  }

  private boolean exceedsMachine(PlannedRun run) {
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

  void print(Plan plan, PrintWriter out) {
    int conditions = plan.assignments().size();
    out.println(
        plan.experiment().name()
            + ": "
            + Numbers.count(plan.runs().size(), "run")
            + (conditions > plan.runs().size()
                ? " answer " + conditions + " conditions and seeds"
                : ""));
    for (String sweep : plan.experiment().sweeps().keySet()) {
      List<Assignment> of = plan.assignments(sweep);
      if (!of.isEmpty()) {
        out.println("  " + sweep + ": " + line(plan, of));
      }
    }
    out.println("  " + states(plan.runs()));
    if (plan.runs().stream().anyMatch(r -> !standings.get(r.id()).isSettled())) {
      totals(plan.runs(), out);
    }
  }

  private String line(Plan plan, List<Assignment> of) {
    Map<String, PlannedRun> byId = plan.byId();
    Set<String> ids = of.stream().map(Assignment::run).collect(Collectors.toSet());
    List<PlannedRun> runs = ids.stream().map(byId::get).toList();
    long conditions = of.stream().map(Assignment::index).distinct().count();
    return Numbers.count(conditions, "condition")
        + ", "
        + Numbers.count(ids.size(), "run")
        + ", "
        + times(runs);
  }

  private String times(List<PlannedRun> runs) {
    double expected = runs.stream().mapToDouble(this::expected).sum();
    double worst = runs.stream().mapToDouble(this::worst).sum();
    if (runs.stream().allMatch(r -> standings.get(r.id()).isSettled())) {
      return "nothing left to compute";
    }
    return Numbers.time(expected) + " of computing expected, " + Numbers.time(worst) + " at worst";
  }

  private String states(List<PlannedRun> runs) {
    Map<String, Long> counts = new LinkedHashMap<>();
    runs.forEach(
        r -> counts.merge(StatusCommand.word(standings.get(r.id()).state()), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(e -> e.getValue() + " " + e.getKey())
        .collect(Collectors.joining(", "));
  }

  private void totals(List<PlannedRun> runs, PrintWriter out) {
    PlannedRun dearest =
        runs.stream().max((a, b) -> Double.compare(expected(a), expected(b))).orElseThrow();
    long memory = runs.stream().mapToLong(this::memory).max().orElseThrow();
    String speed = measured ? "measured on " : "assumed for ";
    out.println(
        Numbers.text(
            "  about %s with %d at a time, %s at worst (%s%s)",
            Numbers.time(together(runs, this::expected)),
            atOnce(runs),
            Numbers.time(together(runs, this::worst)),
            speed,
            choice.device()));
    if (choice.engine().replicas() > 1) {
      List<Cohort> cohorts = cohorts(runs);
      out.println(
          Numbers.text(
              "  %d shapes, up to %d runs of which train together",
              cohorts.size(), cohorts.stream().mapToInt(this::atATime).max().orElse(0)));
    }
    out.println(
        Numbers.text(
            "  longest run %s: %s steps of %s, %s expected",
            dearest.id(),
            Numbers.value(Math.rint(expectedSteps(dearest))),
            Numbers.time(secondsPerStep.get(dearest.id())),
            Numbers.time(expected(dearest))));
    assumption(runs).ifPresent(text -> out.println("  " + text));
    out.println(
        Numbers.text(
            "  memory up to %s a run, disk about %s",
            Bytes.text(memory), Bytes.text(runs.stream().mapToDouble(this::disk).sum())));
    long exceeding = runs.stream().filter(this::exceedsMachine).count();
    if (exceeding > 0) {
      out.println(
          Numbers.text(
              "  more memory than the %s of this machine: %s, whose speed is assumed",
              Bytes.text(machine.bytes()), Numbers.count(exceeding, "run")));
    }
  }

  private int atOnce(List<PlannedRun> runs) {
    return Math.max(1, Math.min(jobs, runs.size()));
  }

  /** Time of all runs: no less than a job's share, or than the longest takes. */
  private double together(List<PlannedRun> runs, ToDoubleFunction<PlannedRun> time) {
    double sum = runs.stream().mapToDouble(time).sum();
    double longest = runs.stream().mapToDouble(time).max().orElse(0);
    return Math.max(sum / atOnce(runs), longest);
  }

  /** The same for programs. */
  Map<String, Object> tree(Plan plan) {
    List<Object> runs = new ArrayList<>();
    for (PlannedRun run : plan.runs()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("run", run.id());
      one.put("state", StatusCommand.word(standings.get(run.id()).state()));
      one.put("seed", run.run().seed());
      one.put("steps_expected", expectedSteps(run));
      one.put("steps_worst", run.cost().worstSteps());
      one.put("seconds_per_step", secondsPerStep.get(run.id()));
      one.put("replicas", replicas.get(run.id()));
      one.put("seconds_expected", expected(run));
      one.put("seconds_worst", worst(run));
      one.put("parameters", run.cost().parameters());
      one.put("memory_bytes", memory(run));
      one.put("disk_bytes", disk(run));
      runs.add(one);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("experiment", plan.experiment().name());
    out.put("device", choice.device());
    out.put("measured", measured);
    out.put("jobs", jobs);
    out.put("cohorts", cohorts(plan.runs()).size());
    out.put("conditions_and_seeds", plan.assignments().size());
    out.put("seconds_expected", together(plan.runs(), this::expected));
    out.put("seconds_worst", together(plan.runs(), this::worst));
    out.put("runs", runs);
    return out;
  }
}
