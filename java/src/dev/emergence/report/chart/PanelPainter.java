package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;
import java.awt.Color;
import java.util.List;

/** Paints one panel: grid, layers, frame, axes, legend, colour bar, notes. */
final class PanelPainter {
  private static final Pen FRAME = Pen.solid(Palette.FRAME, 0.9);
  private static final Pen GRID = Pen.solid(Palette.GRID, 0.8);
  private static final int BAR_CELLS = 96;

  private final Canvas canvas;
  private final PanelLayout layout;
  private final Box box;

  PanelPainter(Canvas canvas, PanelLayout layout, Box box) {
    this.canvas = canvas;
    this.layout = layout;
    this.box = box;
  }

  void paint() {
    if (!layout.hasHeatMap()) {
      grid();
    }
    LayerPainter layers = new LayerPainter(canvas, layout.xScale, layout.yScale, box);
    canvas.clipped(grown(2), () -> layout.panel.layers().forEach(layers::paint));
    if (layout.empty) {
      canvas.text(
          RichText.plain("no data"),
          box.centreX(),
          box.centreY(),
          TextStyle.of(TextStyle.LABEL, Anchor.MIDDLE).in(Palette.FAINT));
    }
    frame();
    xAxis();
    yAxis();
    legend();
    layout.panel.colorBar().ifPresent(this::colorBar);
    title();
    notes();
  }

  /** Signs on the axis lines are not cut in half. */
  private Box grown(double by) {
    return layout.hasHeatMap()
        ? box
        : new Box(box.x() - by, box.y() - by, box.width() + 2 * by, box.height() + 2 * by);
  }

  private double x(double value) {
    return box.x() + layout.xScale.place(value) * box.width();
  }

  private double y(double value) {
    return box.bottom() - layout.yScale.place(value) * box.height();
  }

  private void grid() {
    for (Tick t : layout.xTicks.marks()) {
      if (t.labelled()) {
        segment(x(t.value()), box.y(), x(t.value()), box.bottom(), GRID);
      }
    }
    for (Tick t : layout.yTicks.marks()) {
      if (t.labelled()) {
        segment(box.x(), y(t.value()), box.right(), y(t.value()), GRID);
      }
    }
  }

  private void frame() {
    double[] xs = {box.x(), box.x(), box.right(), box.right(), box.x()};
    double[] ys = {box.y(), box.bottom(), box.bottom(), box.y(), box.y()};
    canvas.line(xs, ys, layout.hasHeatMap() ? 5 : 3, FRAME);
  }

  private void xAxis() {
    for (Tick t : layout.xTicks.marks()) {
      double at = x(t.value());
      double length = t.labelled() ? PanelLayout.TICK_LENGTH : PanelLayout.TICK_LENGTH * 0.6;
      segment(at, box.bottom(), at, box.bottom() + length, FRAME);
      if (t.labelled()) {
        canvas.text(
            t.label(),
            at,
            box.bottom() + PanelLayout.TICK_LENGTH + 3 + TextStyle.TICK,
            tick(Anchor.MIDDLE));
      }
    }
    double labelY = box.bottom() + layout.xLabelDrop();
    if (!layout.xTicks.multiplier().isEmpty()) {
      canvas.text(layout.xTicks.multiplier(), box.right() + 4, labelY, tick(Anchor.END));
    }
    RichText label = layout.panel.x().label();
    if (!label.isEmpty()) {
      canvas.text(
          label.within(TextStyle.LABEL, box.width()),
          box.centreX(),
          labelY,
          TextStyle.of(TextStyle.LABEL, Anchor.MIDDLE));
    }
  }

  private void yAxis() {
    for (Tick t : layout.yTicks.marks()) {
      double at = y(t.value());
      double length = t.labelled() ? PanelLayout.TICK_LENGTH : PanelLayout.TICK_LENGTH * 0.6;
      segment(box.x() - length, at, box.x(), at, FRAME);
      if (t.labelled()) {
        canvas.text(
            t.label(),
            box.x() - PanelLayout.TICK_LENGTH - 3,
            at + 0.35 * TextStyle.TICK,
            tick(Anchor.END));
      }
    }
    if (!layout.yTicks.multiplier().isEmpty()) {
      canvas.text(layout.yTicks.multiplier(), box.x() - 4, box.y() - 6, tick(Anchor.START));
    }
    RichText label = layout.panel.y().label();
    if (!label.isEmpty()) {
      double at =
          box.x()
              - PanelLayout.labelWidth(layout.yTicks)
              - (layout.panel.y().bare() ? 8 : PanelLayout.TICK_LENGTH + 10);
      canvas.text(
          label.within(TextStyle.LABEL, box.height()),
          at,
          box.centreY(),
          TextStyle.of(TextStyle.LABEL, Anchor.MIDDLE).turnedUp());
    }
  }

  private void legend() {
    List<Legend.Entry> entries = layout.legendEntries();
    double left = box.right() + layout.barWidth() + 14;
    double at = box.y() + TextStyle.TICK;
    double room = layout.legendWidth() - 14;
    RichText title = layout.panel.legend().title();
    if (!entries.isEmpty() && !title.isEmpty()) {
      canvas.text(title.within(TextStyle.TICK, room), left, at, tick(Anchor.START));
      at += PanelLayout.ROW;
    }
    for (Legend.Entry e : entries) {
      double middle = at - 0.33 * TextStyle.TICK;
      e.line()
          .ifPresent(
              s ->
                  segment(
                      left, middle, left + PanelLayout.SWATCH, middle, new Pen(e.color(), 1.8, s)));
      e.marker()
          .ifPresent(
              m -> LayerPainter.sign(canvas, left + PanelLayout.SWATCH / 2, middle, e.color(), m));
      RichText label = e.label().within(TextStyle.TICK, room - PanelLayout.SWATCH - 6);
      canvas.text(label, left + PanelLayout.SWATCH + 6, at, tick(Anchor.START));
      at += PanelLayout.ROW;
    }
  }

  private void colorBar(ColorBar bar) {
    Box strip =
        new Box(box.right() + PanelLayout.BAR_GAP, box.y(), PanelLayout.BAR, layout.barHeight());
    Color[][] cells = new Color[BAR_CELLS][1];
    for (int row = 0; row < BAR_CELLS; row++) {
      cells[row][0] = Palette.ramp(1 - (row + 0.5) / BAR_CELLS);
    }
    canvas.cells(cells, strip);
    double[] xs = {strip.x(), strip.right(), strip.right(), strip.x(), strip.x()};
    double[] ys = {strip.y(), strip.y(), strip.bottom(), strip.bottom(), strip.y()};
    canvas.line(xs, ys, 5, FRAME);
    AxisScale scale =
        AxisScale.exactly(bar.colors().scale(), bar.colors().from(), bar.colors().to());
    for (Tick t : layout.barTicks.marks()) {
      double at = strip.bottom() - scale.place(t.value()) * strip.height();
      segment(
          strip.right(),
          at,
          strip.right() + PanelLayout.TICK_LENGTH * (t.labelled() ? 1 : 0.6),
          at,
          FRAME);
      canvas.text(
          t.label(),
          strip.right() + PanelLayout.TICK_LENGTH + 3,
          at + 0.35 * TextStyle.TICK,
          tick(Anchor.START));
    }
    if (!layout.barTicks.multiplier().isEmpty()) {
      canvas.text(layout.barTicks.multiplier(), strip.x(), strip.y() - 5, tick(Anchor.START));
    }
    double labelX =
        strip.right()
            + PanelLayout.TICK_LENGTH
            + 3
            + PanelLayout.labelWidth(layout.barTicks)
            + TextStyle.LABEL
            + 3;
    canvas.text(
        bar.label().within(TextStyle.LABEL, box.height()),
        labelX,
        box.centreY(),
        TextStyle.of(TextStyle.LABEL, Anchor.MIDDLE).turnedUp());
  }

  private void title() {
    RichText title = layout.panel.title();
    if (!title.isEmpty()) {
      double lift = layout.yTicks.multiplier().isEmpty() ? 0 : TextStyle.TICK + 4;
      canvas.text(
          title.within(TextStyle.LABEL, box.width() + 20),
          box.centreX(),
          box.y() - 8 - lift,
          TextStyle.of(TextStyle.LABEL, Anchor.MIDDLE));
    }
  }

  private void notes() {
    double at =
        box.bottom()
            + layout.bottom()
            - 4
            - PanelLayout.NOTE_ROW * layout.notes.size()
            + TextStyle.NOTE;
    for (String line : layout.notes) {
      TextStyle style = TextStyle.of(TextStyle.NOTE, Anchor.START).in(Palette.FAINT);
      canvas.text(RichText.plain(line), box.x() - layout.left() + 8, at, style);
      at += PanelLayout.NOTE_ROW;
    }
  }

  private static TextStyle tick(Anchor anchor) {
    return TextStyle.of(TextStyle.TICK, anchor);
  }

  private void segment(double x1, double y1, double x2, double y2, Pen pen) {
    canvas.line(new double[] {x1, x2}, new double[] {y1, y2}, 2, pen);
  }
}
