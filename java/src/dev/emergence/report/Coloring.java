package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.expr.Symbols;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which colour a run has. Numbers go from dark to light, words get colours that differ; without a
 * {@code color:} every condition has its own when there are several.
 *
 * @param title what the colours stand for; empty when nothing needs saying
 * @param groups each value with its colour and label, in the order of the legend
 */
record Coloring(RichText title, Map<Object, Group> groups, Key key) {

  /** What the runs of one value look like. */
  record Group(Mark mark, RichText label) {
    Color color() {
      return mark.color();
    }

    /** Its line in a legend. */
    Legend.Entry line() {
      return Legend.Entry.line(label, color(), mark.line());
    }
  }

  /** What a run is coloured by. */
  interface Key {
    Object of(Cell cell, Observation run);
  }

  static Coloring of(List<Cell> cells, Optional<String> color, Names names, Symbols symbols) {
    if (color.isEmpty()) {
      return byCondition(cells, names);
    }
    Key key = (cell, run) -> value(color.get(), cell, run, symbols);
    List<Object> values = new ArrayList<>();
    for (Cell cell : cells) {
      cell.seeds().stream()
          .map(run -> key.of(cell, run))
          .filter(v -> !values.contains(v))
          .forEach(values::add);
    }
    boolean numbers = values.stream().allMatch(Number.class::isInstance);
    if (numbers) {
      values.sort(Comparator.comparingDouble(v -> ((Number) v).doubleValue()));
    }
    List<Mark> marks = Palette.series(values.size(), numbers, List.of());
    Map<Object, Group> groups = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      groups.put(values.get(i), new Group(marks.get(i), Names.rich(values.get(i))));
    }
    return new Coloring(names.of(color.get()), groups, key);
  }

  private static Object value(String name, Cell cell, Observation run, Symbols symbols) {
    return switch (name) {
      case Symbols.SEED -> (Object) (long) run.seed();
      case Symbols.VARIANT -> cell.condition().variant();
      default -> symbols.value(name, cell.condition().config()).orElse("none");
    };
  }

  private static Coloring byCondition(List<Cell> cells, Names names) {
    Map<Object, Group> groups = new LinkedHashMap<>();
    List<Mark> marks = Palette.series(cells.size(), false, List.of());
    for (int i = 0; i < cells.size(); i++) {
      groups.put(i, new Group(marks.get(i), names.condition(cells.get(i), Set.of())));
    }
    return new Coloring(RichText.EMPTY, groups, (cell, run) -> cells.indexOf(cell));
  }

  /** The group of a run. */
  Group group(Cell cell, Observation run) {
    return groups.get(key.of(cell, run));
  }

  /**
   * The colour of what belongs to a condition as a whole: its own, or a neutral one when its seeds
   * differ in colour.
   */
  Color ofCell(Cell cell) {
    List<Group> all = cell.seeds().stream().map(run -> group(cell, run)).distinct().toList();
    return all.size() == 1 && groups.size() > 1 ? darker(all.get(0).color()) : Palette.REFERENCE;
  }

  /** A dashed line stays visible on the solid one it describes. */
  private static Color darker(Color c) {
    return new Color(
        (int) (c.getRed() * 0.6), (int) (c.getGreen() * 0.6), (int) (c.getBlue() * 0.6));
  }

  /** Whether a legend has anything to tell apart. */
  boolean tells() {
    return groups.size() > 1 || (groups.size() == 1 && !title.isEmpty());
  }
}
