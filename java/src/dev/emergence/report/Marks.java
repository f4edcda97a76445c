package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.List;

/** What marks in a figure are, in words: the same words under every figure. */
final class Marks {
  private Marks() {}

  /**
   * What dots or columns and their bars are, and on how many seeds they stand; nothing of what no
   * condition has.
   *
   * @param what {@code Dots}, {@code Columns}
   * @param centers what is drawn; empty where every condition has its mark
   */
  static List<String> sentences(
      String what,
      List<Cell> cells,
      List<Center> centers,
      PlotSpec.Middle middle,
      PlotSpec.ErrorBar error,
      boolean log) {
    List<String> out = new ArrayList<>();
    boolean several = cells.stream().anyMatch(c -> c.seeds().size() > 1);
    boolean none =
        !centers.isEmpty() && centers.stream().noneMatch(c -> c.kind() == Center.Kind.ALL);
    if (!none && !several) {
      out.add(what + ": single runs.");
    } else if (!none) {
      String bars = bars(error, log);
      out.add(
          what
              + ": "
              + middles(Center.resolved(middle, log))
              + " of "
              + PlotContext.seeds(cells)
              + (bars.isEmpty() ? "." : "; bars: " + bars + "."));
    }
    if (centers.stream().anyMatch(c -> c.kind() == Center.Kind.SOME)) {
      out.add(
          "Hollow, with k/n: only k of n seeds have a value; of times the median by Kaplan and"
              + " Meier.");
    }
    if (centers.stream().anyMatch(c -> c.kind() == Center.Kind.AT_LEAST)) {
      out.add("Triangle: fewer than half of the seeds arrived by this step.");
    }
    return out;
  }

  static String middles(PlotSpec.Middle middle) {
    return switch (middle) {
      case GEOMETRIC_MEAN -> "geometric means";
      case MEDIAN -> "medians";
      default -> "means";
    };
  }

  static String bars(PlotSpec.ErrorBar error, boolean log) {
    return switch (error) {
      case NONE -> "";
      case STD -> log ? "one geometric standard deviation" : "one standard deviation";
      case SEM -> log ? "one geometric standard error" : "one standard error";
      case RANGE -> "smallest and largest seed";
      case QUARTILES -> "quartiles of the seeds";
    };
  }

  /** {@code 2/5} beside a middle that not all seeds stand behind; nothing beside others. */
  static RichText share(Center center) {
    return center.kind() == Center.Kind.ALL
        ? RichText.EMPTY
        : RichText.plain(center.known() + "/" + center.seeds());
  }
}
