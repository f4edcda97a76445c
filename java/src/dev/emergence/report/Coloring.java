package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.Look;
import dev.emergence.spec.expr.Symbols;
import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run looks like. Numbers go from dark to light, words get colours that differ; signs and
 * lines differ too. Without a {@code color:} every condition has its own look when there are
 * several.
 *
 * @param title what the colours stand for; empty when nothing needs saying
 * @param groups each value with its look and label, in the order of the legend
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

  static Coloring of(List<Cell> cells, Optional<String> color, PlotContext context, Look look) {
    return of(cells, color, Look.Facets.NONE, context, look);
  }

  /** The same in small multiples, whose panels say a setting already. */
  static Coloring of(
      List<Cell> cells,
      Optional<String> color,
      Look.Facets facets,
      PlotContext context,
      Look look) {
    if (color.isEmpty()) {
      return byCondition(cells, facets, context, look);
    }
    Symbols symbols = context.analysis().symbols();
    Key key = (cell, run) -> value(color.get(), cell, run, symbols);
    Set<Object> seen = new java.util.LinkedHashSet<>();
    cells.forEach(cell -> cell.seeds().forEach(run -> seen.add(key.of(cell, run))));
    List<Object> values = Ordering.of(look.order()).sorted(List.copyOf(seen));
    boolean numbers = values.stream().allMatch(Number.class::isInstance);
    List<Mark> marks = Palette.series(values.size(), numbers, context.theme().colors());
    List<RichText> names = context.values(look, values);
    Map<Object, Group> groups = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      groups.put(values.get(i), new Group(marks.get(i), names.get(i)));
    }
    RichText title = PlotContext.label(look.labels().color(), context.names().axis(color.get()));
    return new Coloring(title, groups, key);
  }

  /** The value of a setting in a run, {@code seed} and {@code variant} included. */
  static Object value(String name, Cell cell, Observation run, Symbols symbols) {
    return switch (name) {
      case Symbols.SEED -> (Object) (long) run.seed();
      case Symbols.VARIANT -> cell.condition().variant();
      default -> symbols.value(name, cell.condition().config()).orElse("none");
    };
  }

  private static Coloring byCondition(
      List<Cell> cells, Look.Facets facets, PlotContext context, Look look) {
    Symbols symbols = context.analysis().symbols();
    Set<String> said =
        Stream.of(facets.rows(), facets.columns())
            .flatMap(Optional::stream)
            .map(name -> symbols.path(name).orElse(name))
            .collect(Collectors.toSet());
    Map<Object, Cell> kinds = new LinkedHashMap<>();
    cells.forEach(cell -> kinds.putIfAbsent(key(cell, said), cell));
    Map<Object, Group> groups = new LinkedHashMap<>();
    List<Mark> marks = Palette.series(kinds.size(), kinds.size() > 7, context.theme().colors());
    for (Map.Entry<Object, Cell> kind : kinds.entrySet()) {
      Object key = kind.getKey();
      Cell cell = kind.getValue();
      RichText values = context.names().condition(cell, said, cells);
      String sweep = cell.condition().sweep().replace('_', ' ');
      RichText label = values.isEmpty() && cells.size() > 1 ? RichText.plain(sweep) : values;
      RichText named = context.value(look, label.letters());
      boolean own = look.names().containsKey(label.letters());
      groups.put(key, new Group(marks.get(groups.size()), own ? named : label));
    }
    RichText title = PlotContext.label(look.labels().color(), RichText.EMPTY);
    return new Coloring(title, groups, (cell, run) -> key(cell, said));
  }

  /**
   * What tells a condition from others. Panels of small multiples say one or two of its settings,
   * and hold parts of its seeds: conditions that differ only in these look alike.
   */
  private static Object key(Cell cell, Set<String> said) {
    if (said.isEmpty()) {
      return List.of(cell.condition().sweep(), cell.index());
    }
    Map<String, Object> values = new LinkedHashMap<>(cell.condition().values());
    values.keySet().removeAll(said);
    String variant = said.contains(Symbols.VARIANT) ? "" : cell.condition().variant();
    return List.of(cell.condition().sweep(), variant, values);
  }

  /** The group of a run. */
  Group group(Cell cell, Observation run) {
    return groups.get(key.of(cell, run));
  }

  /** The group of a condition whose seeds all belong to one: that of its first seed. */
  Group group(Cell cell) {
    return group(cell, cell.seeds().get(0));
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

  /** The lines of a legend, one a group. */
  List<Legend.Entry> lines() {
    return tells() ? groups.values().stream().map(Group::line).toList() : List.of();
  }
}
