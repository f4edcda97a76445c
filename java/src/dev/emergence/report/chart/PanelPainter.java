package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;
import java.awt.Color;
import java.util.List;

/** Paints one panel: grid, layers, frame, axes, legend, colour bar, notes. */
final class PanelPainter {
  private static final int BAR_CELLS = 96;

  private final Canvas canvas;
  private final PanelLayout layout;
  private final Box box;
  private final Style style;
  private final Pen framePen;
  private final Pen gridPen;

  PanelPainter(Canvas canvas, PanelLayout layout, Box box) {
    this.canvas = canvas;
    this.layout = layout;
    this.box = box;
    this.style = layout.style;
    this.framePen = Pen.solid(Palette.FRAME, 0.9 * style.stroke());
    this.gridPen = Pen.solid(Palette.GRID, 0.8 * style.stroke());
  }

  void paint() {
    if (!layout.hasHeatMap()) {
      grid();
    }
    LayerPainter layers = new LayerPainter(canvas, layout.xScale, layout.yScale, box, style);
    canvas.clipped(grown(2), () -> layers.paint(layout.panel.layers()));
    if (layout.empty) {
      canvas.text(
          RichText.plain("no data"),
          box.centreX(),
          box.centreY(),
          TextStyle.of(style.label(), Anchor.MIDDLE).in(Palette.FAINT));
    }
    frame();
    xAxis();
    yAxis();
    legend();
    layout.panel.colorBar().ifPresent(this::colorBar);
    title();
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
        segment(x(t.value()), box.y(), x(t.value()), box.bottom(), gridPen);
      }
    }
    for (Tick t : layout.yTicks.marks()) {
      if (t.labelled()) {
        segment(box.x(), y(t.value()), box.right(), y(t.value()), gridPen);
      }
    }
  }

  private void frame() {
    double[] xs = {box.x(), box.x(), box.right(), box.right(), box.x()};
    double[] ys = {box.y(), box.bottom(), box.bottom(), box.y(), box.y()};
    canvas.line(xs, ys, layout.hasHeatMap() ? 5 : 3, framePen);
  }

  private void xAxis() {
    for (Tick t : layout.xTicks.marks()) {
      double at = x(t.value());
      double length = t.labelled() ? style.tickLength() : style.tickLength() * 0.6;
      segment(at, box.bottom(), at, box.bottom() + length, framePen);
      if (t.labelled() && layout.panel.x().words().isEmpty()) {
        double base = box.bottom() + style.tickLength() + 3 + style.tick();
        canvas.text(t.label(), at, base, tick(Anchor.MIDDLE));
      } else if (t.labelled()) {
        words(t, at);
      }
    }
    double labelY = box.bottom() + layout.xLabelDrop();
    if (!layout.xTicks.multiplier().isEmpty()) {
      canvas.text(layout.xTicks.multiplier(), box.right() + 4, labelY, tick(Anchor.END));
    }
    for (RichText line : layout.panel.x().label().isEmpty() ? List.<RichText>of() : layout.xLabel) {
      canvas.text(line, box.centreX(), labelY, TextStyle.of(style.label(), Anchor.MIDDLE));
      labelY += 1.2 * style.label();
    }
  }

  /** Words below their place, level or slanted. */
  private void words(Tick t, double at) {
    double top = box.bottom() + style.tickLength() + 3 + style.tick();
    TextStyle text = layout.slanted ? tick(Anchor.END).turned(layout.slant()) : tick(Anchor.MIDDLE);
    double shift = layout.slanted ? 0.4 * style.tick() : 0;
    for (RichText line : layout.words(t.label())) {
      canvas.text(line, at + shift, top - (layout.slanted ? 0.3 * style.tick() : 0), text);
      top += 1.15 * style.tick();
    }
  }

  private void yAxis() {
    for (Tick t : layout.yTicks.marks()) {
      double at = y(t.value());
      double length = t.labelled() ? style.tickLength() : style.tickLength() * 0.6;
      segment(box.x() - length, at, box.x(), at, framePen);
      if (t.labelled()) {
        List<RichText> lines = layout.rowWords(t.label());
        double base = at + (0.35 - 0.55 * (lines.size() - 1)) * style.tick();
        for (RichText line : lines) {
          canvas.text(line, box.x() - style.tickLength() - 3, base, tick(Anchor.END));
          base += 1.1 * style.tick();
        }
      }
    }
    if (!layout.yTicks.multiplier().isEmpty()) {
      canvas.text(layout.yTicks.multiplier(), box.x() - 4, box.y() - 6, tick(Anchor.START));
    }
    if (layout.panel.y().label().isEmpty()) {
      return;
    }
    double at =
        box.x()
            - layout.labelWidth(layout.yTicks)
            - (layout.panel.y().bare() ? 8 : style.tickLength() + 10)
            - (layout.yLabel.size() - 1) * 1.2 * style.label();
    for (RichText line : layout.yLabel) {
      canvas.text(line, at, box.centreY(), TextStyle.of(style.label(), Anchor.MIDDLE).turnedUp());
      at += 1.2 * style.label();
    }
  }

  private void legend() {
    LegendPainter painter = new LegendPainter(canvas, style);
    if (layout.legendBelow) {
      painter.paint(
          layout.legend, box.x() - layout.left() + 8, box.bottom() + layout.legendDrop() + 2);
    } else {
      painter.paint(
          layout.legend, box.right() + layout.barWidth() + PanelLayout.LEGEND_GAP, box.y());
    }
  }

  private void colorBar(ColorBar bar) {
    Box strip = new Box(box.right() + PanelLayout.BAR_GAP, box.y(), PanelLayout.BAR, box.height());
    Color[][] cells = new Color[BAR_CELLS][1];
    for (int row = 0; row < BAR_CELLS; row++) {
      cells[row][0] = Palette.ramp(1 - (row + 0.5) / BAR_CELLS);
    }
    canvas.cells(cells, strip);
    double[] xs = {strip.x(), strip.right(), strip.right(), strip.x(), strip.x()};
    double[] ys = {strip.y(), strip.y(), strip.bottom(), strip.bottom(), strip.y()};
    canvas.line(xs, ys, 5, framePen);
    AxisScale scale =
        AxisScale.exactly(bar.colors().scale(), bar.colors().from(), bar.colors().to());
    for (Tick t : layout.barTicks.marks()) {
      double at = strip.bottom() - scale.place(t.value()) * strip.height();
      segment(
          strip.right(),
          at,
          strip.right() + style.tickLength() * (t.labelled() ? 1 : 0.6),
          at,
          framePen);
      canvas.text(
          t.label(),
          strip.right() + style.tickLength() + 3,
          at + 0.35 * style.tick(),
          tick(Anchor.START));
    }
    if (!layout.barTicks.multiplier().isEmpty()) {
      canvas.text(layout.barTicks.multiplier(), strip.x(), strip.y() - 5, tick(Anchor.START));
    }
    double labelX =
        strip.right()
            + style.tickLength()
            + 3
            + layout.labelWidth(layout.barTicks)
            + style.label()
            + 3;
    for (RichText line : bar.label().isEmpty() ? List.<RichText>of() : layout.barLabel) {
      TextStyle text = TextStyle.of(style.label(), Anchor.MIDDLE).turnedUp();
      canvas.text(line, labelX, box.centreY(), text);
      labelX += 1.2 * style.label();
    }
  }

  private void title() {
    double lift = layout.yTicks.multiplier().isEmpty() ? 0 : style.tick() + 4;
    double at = box.y() - 8 - lift - (layout.title.size() - 1) * 1.2 * style.label();
    for (RichText line : layout.panel.title().isEmpty() ? List.<RichText>of() : layout.title) {
      canvas.text(line, box.centreX(), at, TextStyle.of(style.label(), Anchor.MIDDLE));
      at += 1.2 * style.label();
    }
    if (!layout.panel.letter().isEmpty()) {
      TextStyle bold = TextStyle.of(style.title(), Anchor.START).inBold();
      double base = box.y() - 8 - layout.letterLift();
      canvas.text(layout.panel.letter(), box.x() - layout.left() + 4, base, bold);
    }
  }

  private TextStyle tick(Anchor anchor) {
    return TextStyle.of(style.tick(), anchor);
  }

  private void segment(double x1, double y1, double x2, double y2, Pen pen) {
    canvas.line(new double[] {x1, x2}, new double[] {y1, y2}, 2, pen);
  }
}
