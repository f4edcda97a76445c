package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.State;
import dev.emergence.spec.SweepSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Runs that did not do what was asked: diverged, failed, unreached, with reasons. */
final class RunSection {
  private static final int MOST_ROWS = 200;

  private final Analysis analysis;
  private final Names names;

  RunSection(Analysis analysis, Names names) {
    this.analysis = analysis;
    this.names = names;
  }

  Html html() {
    Html out = new Html();
    List<List<String>> rows = new ArrayList<>();
    for (SweepSpec sweep : analysis.experiment().sweeps().values()) {
      for (Cell cell : analysis.cells(sweep.name())) {
        cell.seeds().forEach(run -> row(sweep, cell, run, rows));
      }
    }
    if (rows.isEmpty()) {
      return out.text("p", "Every stored run reached its thresholds.");
    }
    List<String> header =
        List.of("run", "sweep", "condition", "seed", "state", "last step", "reason");
    out.table(header, rows.subList(0, Math.min(MOST_ROWS, rows.size())));
    if (rows.size() > MOST_ROWS) {
      out.text("p class=\"note\"", (rows.size() - MOST_ROWS) + " more are in tables/runs.csv.");
    }
    return out;
  }

  private void row(SweepSpec sweep, Cell cell, Observation run, List<List<String>> rows) {
    Set<String> unreached = new LinkedHashSet<>();
    Set<String> unmeasured = new LinkedHashSet<>();
    State worst = State.REACHED;
    for (String threshold : run.thresholds().keySet()) {
      State state = run.state(threshold);
      worst = state == State.REACHED ? worst : state;
      if (state == State.UNREACHED || state == State.STOPPED) {
        unreached.add(threshold);
      }
      if (state == State.UNMEASURED) {
        unmeasured.add(threshold);
      }
    }
    if (worst == State.REACHED || worst == State.MISSING) {
      return;
    }
    List<String> reasons = new ArrayList<>();
    if (!unreached.isEmpty()) {
      reasons.add(String.join(", ", unreached) + " not crossed");
    }
    if (!unmeasured.isEmpty()) {
      reasons.add(String.join(", ", unmeasured) + " not measured");
    }
    String reason =
        reasons.isEmpty()
            ? run.stored().map(s -> s.outcome().reason()).orElse("")
            : String.join("; ", reasons);
    rows.add(
        List.of(
            "<code>" + Html.escape(run.assignment().run()) + "</code>",
            Html.escape(sweep.name()),
            RichHtml.of(names.condition(cell, Set.of())),
            "<td class=\"number\">" + run.seed() + "</td>",
            Badge.of(
                worst.word(), worst == State.UNREACHED || worst == State.STOPPED ? "open" : "bad"),
            "<td class=\"number\">" + Html.escape(Laws.time(run.lastStep())) + "</td>",
            Html.escape(reason)));
  }
}
