package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.State;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What every plot is drawn from. */
record PlotContext(Analysis analysis, Names names, PictureSource pictures) {

  static PlotContext of(Analysis analysis, PictureSource pictures) {
    return new PlotContext(analysis, new Names(analysis.symbols()), pictures);
  }

  /** The conditions of a plot. */
  List<Cell> cells(PlotSpec plot) {
    return analysis.cells(plot.data(), plot.where());
  }

  /** An axis with the ends that were asked for. */
  static Axis axis(RichText label, PlotSpec.Scale scale, List<Double> limits) {
    Axis axis = Axis.of(label, Scale.valueOf(scale.name()));
    return limits.size() == 2 ? axis.between(limits.get(0), limits.get(1)) : axis;
  }

  /**
   * What became of the runs, where not all are fine: {@code 3 of 60 runs unreached, 1 diverged.}.
   */
  static List<String> lacking(List<Cell> cells, String threshold) {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    int runs = 0;
    for (Cell cell : cells) {
      boolean has = cell.condition().config().measurement().thresholds().containsKey(threshold);
      runs += cell.seeds().size();
      cell.seeds().forEach(o -> counts.merge(has ? o.state(threshold) : ended(o), 1, Integer::sum));
    }
    List<String> parts = new ArrayList<>();
    for (State state : List.of(State.UNREACHED, State.DIVERGED, State.FAILED, State.MISSING)) {
      if (counts.getOrDefault(state, 0) > 0) {
        parts.add(counts.get(state) + " " + state.word());
      }
    }
    return parts.isEmpty() ? List.of() : List.of(first(parts.get(0), runs) + rest(parts) + ".");
  }

  /** {@code 3 unreached} becomes {@code 3 of 60 runs unreached}. */
  private static String first(String part, int runs) {
    return part.replaceFirst(" ", " of " + runs + (runs == 1 ? " run " : " runs "));
  }

  private static String rest(List<String> parts) {
    return parts.size() == 1 ? "" : ", " + String.join(", ", parts.subList(1, parts.size()));
  }

  private static State ended(dev.emergence.analysis.Observation o) {
    if (o.ended().isEmpty()) {
      return State.MISSING;
    }
    return switch (o.ended().get()) {
      case DIVERGED -> State.DIVERGED;
      case FAILED -> State.FAILED;
      case COMPLETE -> State.REACHED;
    };
  }
}
