package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    Optional<String> share = common(centers);
    if (centers.stream().anyMatch(c -> c.kind() == Center.Kind.SOME)) {
      String only = share.map(s -> ": only " + s).orElse(", with k/n: only k of n");
      out.add("Hollow" + only + " seeds have a value; of times the median by Kaplan and Meier.");
    }
    if (centers.stream().anyMatch(c -> c.kind() == Center.Kind.AT_LEAST)) {
      out.add("Triangle: fewer than half of the seeds arrived by this step.");
      share.ifPresent(s -> out.add("Each triangle: " + s + " seeds arrived."));
    }
    return out;
  }

  /**
   * A sentence about conditions that have nothing at their middle although seeds have values.
   *
   * @param mark what they lack, in a word: {@code dot}
   */
  static List<String> withoutMiddle(String mark, List<Center> centers) {
    return lacking(mark, centers.stream().filter(Center::isWithoutMiddle).count(), "mean");
  }

  /** Sentences about conditions that have a mark and, on a logarithmic axis, no bar. */
  static List<String> withoutBar(List<Center> centers, PlotSpec.ErrorBar error, boolean log) {
    boolean around = error == PlotSpec.ErrorBar.STD || error == PlotSpec.ErrorBar.SEM;
    long count =
        centers.stream()
            .filter(c -> c.kind() == Center.Kind.ALL && c.seeds() > 1)
            .filter(c -> !Double.isNaN(c.value()) && Double.isNaN(c.lower()))
            .count();
    return lacking("bar", around && log ? count : 0, "standard deviation");
  }

  private static List<String> lacking(String what, long count, String geometric) {
    return count == 0
        ? List.of()
        : List.of(
            Numeral.count(count, "condition")
                + (count == 1 ? " has" : " have")
                + " no "
                + what
                + ": with a seed at 0 or below there is no geometric "
                + geometric
                + ".");
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

  /** The share of seeds of all middles that not all seeds stand behind; empty where they differ. */
  private static Optional<String> common(List<Center> centers) {
    List<Center> open = centers.stream().filter(Marks::isOpen).toList();
    List<String> shares =
        open.stream().map(c -> c.known() + " of " + c.seeds()).distinct().toList();
    return open.size() > 1 && shares.size() == 1 ? Optional.of(shares.get(0)) : Optional.empty();
  }

  private static boolean isOpen(Center center) {
    return center.kind() == Center.Kind.SOME || center.kind() == Center.Kind.AT_LEAST;
  }

  /** Layers without the shares beside their marks, where these agree and the note has them. */
  static List<Layer> withoutCommon(List<Layer> layers, List<Center> centers) {
    return common(centers).isEmpty()
        ? layers
        : layers.stream()
            .map(l -> l instanceof Layer.Points points ? points.labelled(List.of()) : l)
            .toList();
  }

  /** {@code 2/5} beside a middle that not all seeds stand behind; nothing beside others. */
  static RichText share(Center center) {
    return center.kind() == Center.Kind.ALL
        ? RichText.EMPTY
        : RichText.plain(center.known() + "/" + center.seeds());
  }
}
