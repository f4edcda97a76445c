package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.RichText;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Columns of single heads, {@code attention.LAYER.HEAD.what}. */
final class Heads {
  private static final Pattern ONE = Pattern.compile("attention\\.([0-9]+)\\.[0-9]+\\.(.+)");
  private static final Pattern ALL = Pattern.compile("attention\\.([^.]+)");

  private Heads() {}

  /**
   * The column itself where it was recorded; {@code attention.what} otherwise stands for that of
   * every layer and head.
   */
  static List<String> columns(String column, List<Cell> cells) {
    Matcher all = ALL.matcher(column);
    List<String> recorded =
        cells.stream()
            .flatMap(c -> c.seeds().stream())
            .flatMap(o -> o.curve().columns().stream())
            .distinct()
            .toList();
    if (recorded.contains(column) || !all.matches()) {
      return List.of(column);
    }
    List<String> heads =
        recorded.stream()
            .filter(c -> ONE.matcher(c).matches() && c.endsWith("." + all.group(1)))
            .toList();
    return heads.isEmpty() ? List.of(column) : heads;
  }

  /** The colour of a column's layer. */
  static Color color(String column, List<String> columns) {
    List<Integer> layers = layers(columns);
    return Palette.ordered(layers.size()).get(layers.indexOf(layer(column)));
  }

  static Legend legend(List<String> columns) {
    List<Integer> layers = layers(columns);
    List<Legend.Entry> entries = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      entries.add(
          Legend.Entry.line(
              RichText.plain(String.valueOf(layers.get(i))),
              Palette.ordered(layers.size()).get(i),
              LineStyle.SOLID));
    }
    return new Legend(RichText.plain("layer (a line a head)"), entries);
  }

  private static List<Integer> layers(List<String> columns) {
    TreeSet<Integer> layers = new TreeSet<>();
    columns.forEach(c -> layers.add(layer(c)));
    return List.copyOf(layers);
  }

  private static int layer(String column) {
    Matcher one = ONE.matcher(column);
    return one.matches() ? Integer.parseInt(one.group(1)) : 0;
  }
}
