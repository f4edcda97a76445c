package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.Value;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.spec.ComparisonPlots.Categories;
import dev.emergence.spec.ComparisonPlots.Show;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a figure of words shows of a condition beside the dots of its seeds: a stroke at its middle,
 * a column up to it, or a box over its quartiles.
 *
 * @param log whether the axis is logarithmic
 */
record CategoryMiddles(Categories plot, boolean log) {

  /**
   * Draws one condition's.
   *
   * @param room that the condition has along the axis of words
   * @param below layers under the dots
   * @param above layers over them
   */
  void draw(
      Cell cell,
      Center center,
      double place,
      double room,
      Mark mark,
      List<Layer> below,
      List<Layer> above) {
    boolean all = center.kind() == Center.Kind.ALL;
    if (all && center.known() == 1 && plot.show() != Show.BAR) {
      // The dot of a single run is its middle.
      return;
    }
    if (isBox(center)) {
      double[] sorted =
          cell.values(plot.y()).stream().mapToDouble(Value::number).sorted().toArray();
      double[] five = new double[5];
      for (int k = 0; k < 5; k++) {
        five[k] = Center.quantile(sorted, k / 4.0);
      }
      below.add(new Layer.BoxPlot(place, 0.8 * room, five, mark.color()));
      return;
    }
    if (plot.show() == Show.BAR && all) {
      double[] x = {place};
      double[] y = {center.value()};
      below.add(new Layer.Bars(x, y, 0.86 * room, mark.color()));
      below.add(
          new Layer.Points(
              x,
              y,
              new double[] {center.lower()},
              new double[] {center.upper()},
              mark.with(Marker.DASH).sized(0.5),
              List.of()));
      return;
    }
    Marker sign = center.kind() == Center.Kind.AT_LEAST ? Marker.AT_LEAST : Marker.DASH;
    Mark middle = mark.with(sign);
    above.add(
        Layer.Points.plain(
                new double[] {place},
                new double[] {center.value()},
                all ? middle : middle.asOutline())
            .labelled(List.of(Marks.share(center))));
  }

  private boolean isBox(Center center) {
    return plot.show() == Show.BOX && center.kind() == Center.Kind.ALL && center.known() > 1;
  }

  /** What strokes, columns and boxes are, as far as there are any. */
  List<String> notes(List<Cell> drawn, List<Center> centers) {
    List<String> notes = new ArrayList<>();
    boolean box = plot.show() == Show.BOX;
    if (box && centers.stream().anyMatch(this::isBox)) {
      notes.add(
          "Boxes: first to third quartile with the median; whiskers: smallest and largest seed.");
    }
    if (plot.show() == Show.BAR) {
      notes.addAll(Marks.sentences("Columns", drawn, centers, plot.middle(), plot.error(), log));
      notes.addAll(Marks.withoutMiddle("column", centers));
      notes.addAll(Marks.withoutBar(centers, plot.error(), log));
      boolean column = centers.stream().anyMatch(c -> c.kind() == Center.Kind.ALL);
      if (log && column) {
        notes.add("On a logarithmic axis the length of a column has no meaning; its end has.");
      }
      return notes;
    }
    boolean stroke =
        !box && centers.stream().anyMatch(c -> c.kind() == Center.Kind.ALL && c.known() > 1);
    List<Center> said =
        stroke ? centers : centers.stream().filter(c -> c.kind() != Center.Kind.ALL).toList();
    if (!said.isEmpty()) {
      PlotSpec.ErrorBar none = PlotSpec.ErrorBar.NONE;
      notes.addAll(Marks.sentences("Strokes", drawn, said, plot.middle(), none, log));
    }
    List<Center> strokes = centers.stream().filter(c -> !isBox(c)).toList();
    notes.addAll(Marks.withoutMiddle("stroke", strokes));
    return notes;
  }
}
