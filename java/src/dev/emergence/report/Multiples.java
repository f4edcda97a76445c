package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.Look;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Small multiples: the same plot for each value of one or two settings, on the same axes. */
final class Multiples {
  private static final double SMALL_WIDTH = 220;
  private static final double SMALL_HEIGHT = 170;

  /** Panels of a row that nothing but its width would end. */
  private static final int MOST_WIDE = 6;

  private final Look look;
  private final Look.Facets facets;
  private final PlotContext context;

  Multiples(Look look, Look.Facets facets, PlotContext context) {
    this.look = look;
    this.facets = facets;
    this.context = context;
  }

  /** One panel of all conditions, or a panel for each value. */
  Figure figure(List<Cell> cells, Function<List<Cell>, Panel> draw) {
    if (facets.rows().isEmpty() && facets.columns().isEmpty()) {
      return Figure.of(draw.apply(cells));
    }
    List<Object> rows = values(cells, facets.rows());
    List<Object> columns = values(cells, facets.columns());
    List<RichText> rowNames = named(facets.rows(), rows);
    List<RichText> columnNames = named(facets.columns(), columns);
    List<Panel> panels = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < columns.size(); j++) {
        List<Cell> some =
            with(with(cells, facets.rows(), rows.get(i)), facets.columns(), columns.get(j));
        Panel panel = some.isEmpty() ? empty() : draw.apply(some).sized(SMALL_WIDTH, SMALL_HEIGHT);
        panels.add(panel.titled(title(rowNames.get(i), columnNames.get(j))));
      }
    }
    boolean oneRow = facets.columns().isEmpty();
    int wide =
        oneRow
            ? Math.min(4, rows.size())
            : facets.rows().isEmpty() ? inRows(columns.size()) : columns.size();
    return new Figure(RichText.EMPTY, panels, Math.max(1, wide)).onSameAxes();
  }

  /** Many panels that are asked for in one row stand in several, evenly filled. */
  private static int inRows(int panels) {
    int rows = (panels + MOST_WIDE - 1) / MOST_WIDE;
    return (panels + rows - 1) / Math.max(1, rows);
  }

  /** A place in the grid that no condition belongs to. */
  private static Panel empty() {
    Axis bare = Axis.of(RichText.EMPTY, Scale.LINEAR).withoutTicks();
    return Panel.of(bare, bare).sized(SMALL_WIDTH, SMALL_HEIGHT).noting("No condition.");
  }

  private static RichText title(RichText left, RichText right) {
    return left.isEmpty() ? right : right.isEmpty() ? left : left.then(", ").then(right);
  }

  /** The values of a setting with its symbol, their numbers in one spelling. */
  private List<RichText> named(Optional<String> name, List<Object> values) {
    if (name.isEmpty()) {
      return List.of(RichText.EMPTY);
    }
    List<RichText> shown = context.values(look, values);
    List<RichText> out = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      boolean number = values.get(i) instanceof Number;
      out.add(
          number ? context.names().of(name.get()).then(" = ").then(shown.get(i)) : shown.get(i));
    }
    return out;
  }

  private List<Object> values(List<Cell> cells, Optional<String> name) {
    if (name.isEmpty()) {
      return List.of("");
    }
    Map<Object, Boolean> seen = new LinkedHashMap<>();
    for (Cell cell : cells) {
      for (Observation run : cell.seeds()) {
        seen.put(Coloring.value(name.get(), cell, run, context.analysis().symbols()), true);
      }
    }
    return Ordering.of(look.order()).sorted(List.copyOf(seen.keySet()));
  }

  private List<Cell> with(List<Cell> cells, Optional<String> name, Object value) {
    if (name.isEmpty()) {
      return cells;
    }
    List<Cell> out = new ArrayList<>();
    for (Cell cell : cells) {
      List<Observation> runs =
          cell.seeds().stream()
              .filter(
                  run ->
                      Coloring.value(name.get(), cell, run, context.analysis().symbols())
                          .equals(value))
              .toList();
      if (!runs.isEmpty()) {
        out.add(new Cell(cell.condition(), cell.index(), runs));
      }
    }
    return out;
  }
}
