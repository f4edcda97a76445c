package dev.emergence.page;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.State;
import dev.emergence.measure.Emergence;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When each condition emerges: the median over its seeds, those that did not emerge included. */
final class SummaryData {
  private SummaryData() {}

  /**
   * By condition and threshold {@code {median, low, high, beyond, unreached, seeds}}. The median
   * emergence lies in (low, high]; with runs that have not emerged it is that of Kaplan and Meier,
   * or, where even that is not known, null with {@code beyond} the last step looked at.
   */
  static Map<Integer, Object> of(List<Cell> cells) {
    Map<Integer, Object> out = new HashMap<>();
    for (Cell cell : cells) {
      Map<String, Object> thresholds = new LinkedHashMap<>();
      cell.condition()
          .config()
          .measurement()
          .thresholds()
          .keySet()
          .forEach(name -> thresholds.put(name, one(cell, name)));
      out.put(cell.index(), thresholds);
    }
    return out;
  }

  private static Map<String, Object> one(Cell cell, String threshold) {
    Center center =
        Center.of(
            cell, threshold + ".steps", PlotSpec.Middle.MEDIAN, PlotSpec.ErrorBar.NONE, false);
    boolean known = center.kind() == Center.Kind.ALL || center.kind() == Center.Kind.SOME;
    boolean beyond = center.kind() == Center.Kind.AT_LEAST;
    double[] bracket = known ? bracket(cell, threshold, center) : new double[0];
    return Trees.of(
        "median", known ? center.value() : null,
        "low", bracket.length == 0 ? null : bracket[0],
        "high", bracket.length == 0 ? null : bracket[1],
        "beyond", beyond ? center.value() : null,
        "unreached", cell.count(threshold, State.UNREACHED) + cell.count(threshold, State.STOPPED),
        "seeds", cell.seeds().size());
  }

  /** The brackets of the runs that make up the median, in the same share. */
  private static double[] bracket(Cell cell, String threshold, Center center) {
    List<Emergence.Reached> reached = new ArrayList<>();
    for (Observation o : cell.seeds()) {
      if (o.emergence(threshold) instanceof Emergence.Reached r) {
        reached.add(r);
      }
    }
    reached.sort(Comparator.comparingDouble(Emergence.Reached::step));
    if (center.kind() == Center.Kind.ALL) {
      double[] lower = reached.stream().mapToDouble(Emergence.Reached::lower).toArray();
      double[] upper = reached.stream().mapToDouble(Emergence.Reached::step).toArray();
      return new double[] {Center.quantile(lower, 0.5), Center.quantile(upper, 0.5)};
    }
    return reached.stream()
        .filter(r -> r.step() == center.value())
        .findFirst()
        .map(r -> new double[] {r.lower(), r.step()})
        .orElse(new double[0]);
  }
}
