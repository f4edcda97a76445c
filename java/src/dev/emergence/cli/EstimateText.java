package dev.emergence.cli;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Cohort;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.Bytes;
import dev.emergence.spec.Numeral;
import dev.emergence.theory.Forecast;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** An {@link Estimate} in lines for people. */
final class EstimateText {
  private final Estimate estimate;

  EstimateText(Estimate estimate) {
    this.estimate = estimate;
  }

  /** What the expected steps rest on, where they may be far off; empty when they are sure. */
  private Optional<String> assumption(List<PlannedRun> runs) {
    if (estimate.isLearnt()) {
      return Optional.of("expected steps follow from the runs that are finished");
    }
    return runs.stream()
        .filter(r -> !estimate.isSettled(r))
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

  void print(Plan plan, PrintWriter out) {
    int conditions = plan.assignments().size();
    out.println(
        plan.experiment().name()
            + ": "
            + Numeral.count(plan.runs().size(), "run")
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
    if (plan.runs().stream().anyMatch(r -> !estimate.isSettled(r))) {
      totals(plan.runs(), out);
    }
  }

  private String line(Plan plan, List<Assignment> of) {
    Map<String, PlannedRun> byId = plan.byId();
    Set<String> ids = of.stream().map(Assignment::run).collect(Collectors.toSet());
    List<PlannedRun> runs = ids.stream().map(byId::get).toList();
    long conditions = of.stream().map(Assignment::index).distinct().count();
    return Numeral.count(conditions, "condition")
        + ", "
        + Numeral.count(ids.size(), "run")
        + ", "
        + times(runs);
  }

  private String times(List<PlannedRun> all) {
    List<PlannedRun> left = all.stream().filter(r -> !estimate.isSettled(r)).toList();
    List<PlannedRun> runs = left.stream().filter(Estimate::isTimed).toList();
    if (left.isEmpty()) {
      return "nothing left to compute";
    } else if (runs.isEmpty()) {
      return "integrated";
    }
    double expected = runs.stream().mapToDouble(estimate::expected).sum();
    double worst = runs.stream().mapToDouble(estimate::worst).sum();
    return Numbers.time(expected) + " of computing expected, " + Numbers.time(worst) + " at worst";
  }

  private String states(List<PlannedRun> runs) {
    Map<String, Long> counts = new LinkedHashMap<>();
    runs.forEach(r -> counts.merge(StatusCommand.word(estimate.state(r)), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(e -> e.getValue() + " " + e.getKey())
        .collect(Collectors.joining(", "));
  }

  private void totals(List<PlannedRun> runs, PrintWriter out) {
    List<PlannedRun> timed =
        runs.stream().filter(r -> Estimate.isTimed(r) && !estimate.isSettled(r)).toList();
    if (timed.isEmpty()) {
      out.println(
          "  no device is needed, and no computing time is estimated: flows are integrated");
    } else {
      time(timed, out);
    }
    needs(runs, out);
  }

  private void time(List<PlannedRun> runs, PrintWriter out) {
    PlannedRun dearest =
        runs.stream()
            .max((a, b) -> Double.compare(estimate.expected(a), estimate.expected(b)))
            .orElseThrow();
    double steps = Math.rint(estimate.expectedSteps(dearest));
    String device = estimate.choice().isNone() ? "" : " for " + estimate.choice().device();
    OptionalDouble files = estimate.files(runs);
    String speed =
        (estimate.isMeasured() ? "measured on " + estimate.choice().device() : "assumed" + device)
            + (files.isEmpty()
                ? ""
                : ", with " + Numbers.time(files.getAsDouble()) + " for the files of each run");
    out.println(
        Numbers.text(
            "  about %s with %d at a time, %s at worst (%s)",
            Numbers.time(estimate.together(runs, estimate::expected)),
            estimate.atOnce(runs),
            Numbers.time(estimate.together(runs, estimate::worst)),
            speed));
    if (estimate.choice().engine().replicas() > 1) {
      List<Cohort> cohorts = estimate.cohorts(runs);
      out.println(
          Numbers.text(
              "  %d shapes, up to %d runs of which train together",
              cohorts.size(), cohorts.stream().mapToInt(estimate::atATime).max().orElse(0)));
    }
    out.println(
        Numbers.text(
            "  longest run %s: %s %s of %s, %s expected",
            dearest.id(),
            Numbers.value(steps),
            steps == 1 ? "step" : "steps",
            Numbers.time(estimate.secondsPerStep(dearest)),
            Numbers.time(estimate.expected(dearest))));
    assumption(runs).ifPresent(text -> out.println("  " + text));
  }

  private void needs(List<PlannedRun> runs, PrintWriter out) {
    long memory = runs.stream().mapToLong(estimate::memory).max().orElseThrow();
    out.println(
        Numbers.text(
            "  memory up to %s a run, disk about %s, %s at worst",
            Bytes.text(memory),
            Bytes.text(runs.stream().mapToDouble(estimate::disk).sum()),
            Bytes.text(runs.stream().mapToDouble(estimate::worstDisk).sum())));
    long exceeding = runs.stream().filter(estimate::exceedsMachine).count();
    if (exceeding > 0) {
      out.println(
          Numbers.text(
              "  more memory than the %s of this machine: %s, whose speed is assumed",
              Bytes.text(estimate.machineBytes()), Numeral.count(exceeding, "run")));
    }
  }
}
