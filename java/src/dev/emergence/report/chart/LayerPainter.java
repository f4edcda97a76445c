package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Paints layers between the axes of one panel. */
final class LayerPainter {
  private static final double CAP = 2.6;
  private static final double BAND = 0.2;

  /** Beyond this many, points become dots, and those that would cover each other are drawn once. */
  private static final int MANY = 2000;

  private static final double DOT = 1;

  /** Radius of a line without length, in widths of the line. */
  private static final double LONE = 1.3;

  private static final Pen NO_PEN = Pen.solid(Color.WHITE, 0);

  /** Letters on cells are at least this share of those of notes. */
  private static final double LEAST_LETTERS = 0.62;

  /** Opacity of columns: a grid line behind them stays visible. */
  private static final double BAR = 0.45;

  private final Ink canvas;
  private final AxisScale xScale;
  private final AxisScale yScale;
  private final Box box;
  private final Style style;
  private final GridPainter grid;

  private final WordPlacer words;

  LayerPainter(Canvas canvas, AxisScale xScale, AxisScale yScale, Box box, Style style) {
    this.canvas = new Ink(canvas);
    this.xScale = xScale;
    this.yScale = yScale;
    this.box = box;
    this.style = style;
    this.grid = new GridPainter(this.canvas, this);
    this.words = new WordPlacer(this.canvas, box, style);
  }

  /** Words of lines across the panel come last, where they cover the least of all layers. */
  void paint(List<Layer> layers) {
    layers.forEach(this::paint);
    labels(layers.stream().filter(Layer.Label.class::isInstance).map(Layer.Label.class::cast));
    List<WordPlacer.Across> across = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof Layer.Rule rule && !rule.vertical() && !Double.isNaN(y(rule.at()))) {
        TextStyle text = TextStyle.of(style.note(), Anchor.END).in(rule.color());
        RichText label = rule.label().within(text.size(), box.width());
        across.add(new WordPlacer.Across(label, y(rule.at()), text));
      }
    }
    words.along(across, canvas);
  }

  private void paint(Layer layer) {
    if (layer instanceof Layer.Line line) {
      Pen pen = new Pen(line.color(), line.width() * style.stroke(), line.style());
      for (Polyline part : Polyline.parts(xs(line.x()), ys(line.y()))) {
        line(part, pen);
      }
    } else if (layer instanceof Layer.Points points) {
      points(points);
    } else if (layer instanceof Layer.Band band) {
      band(band);
    } else if (layer instanceof Layer.Bars bars) {
      bars(bars);
    } else if (layer instanceof Layer.BoxPlot boxPlot) {
      boxPlot(boxPlot);
    } else if (layer instanceof Layer.Rule rule) {
      rule(rule);
    } else if (layer instanceof Layer.HeatMap map) {
      grid.heatMap(map);
    } else if (layer instanceof Layer.Contours contours) {
      grid.contours(contours);
    } else if (layer instanceof Layer.Frames frames) {
      frames(frames);
    }
  }

  /** A line without length becomes a dot: equal points, or one between gaps. */
  private void line(Polyline part, Pen pen) {
    if (part.isDot()) {
      canvas.disc(part.x()[0], part.y()[0], LONE * pen.width(), pen.color(), NO_PEN);
      return;
    }
    Polyline thin = part.thinned(box.width());
    canvas.line(thin.x(), thin.y(), thin.x().length, pen);
  }

  /**
   * Words on cells that are one unit wide, all of one size: in smaller letters, or on none of the
   * cells, where they are narrow. A number on some cells alone would seem to say more of these.
   */
  private void labels(Stream<Layer.Label> some) {
    List<Layer.Label> all =
        some.filter(label -> !Double.isNaN(x(label.x()) + y(label.y()))).toList();
    double size = all.stream().mapToDouble(this::fitting).min().orElse(0);
    if (size < LEAST_LETTERS * style.note()) {
      return;
    }
    for (Layer.Label label : all) {
      TextStyle text = TextStyle.of(size, Anchor.MIDDLE).in(label.color());
      double at = y(label.y()) + (0.35 + label.lines()) * size;
      canvas.text(label.text(), x(label.x()), at, text);
    }
  }

  private double fitting(Layer.Label label) {
    double cell = Math.abs(x(label.x() + 1) - x(label.x())) - 2;
    return Math.min(style.note(), style.note() * cell / label.text().width(style.note()));
  }

  Scale xScale() {
    return xScale.scale();
  }

  Scale yScale() {
    return yScale.scale();
  }

  double x(double value) {
    return box.x() + near(xScale.place(value)) * box.width();
  }

  double y(double value) {
    return box.bottom() - near(yScale.place(value)) * box.height();
  }

  /** Places far outside are pulled in, so that no renderer has to cope with huge coordinates. */
  private static double near(double place) {
    return Double.isNaN(place) ? place : Math.max(-20, Math.min(21, place));
  }

  double[] xs(double[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = x(values[i]);
    }
    return out;
  }

  double[] ys(double[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = y(values[i]);
    }
    return out;
  }

  private void points(Layer.Points p) {
    Set<Long> drawn = new HashSet<>();
    for (int i = 0; i < p.x().length; i++) {
      double px = x(p.x()[i]);
      double py = y(p.y()[i]);
      boolean visible = !Double.isNaN(px) && !Double.isNaN(py);
      if (visible && (p.x().length <= MANY || drawn.add(Math.round(px) << 32 ^ Math.round(py)))) {
        bar(px, p.lower()[i], p.upper()[i], p.mark().color());
        if (p.x().length > MANY) {
          canvas.disc(px, py, DOT, p.mark().color(), NO_PEN);
        } else {
          MarkPainter.paint(canvas, px, py, p.mark(), style);
        }
      }
      if (visible && i < p.labels().size() && !p.labels().get(i).isEmpty()) {
        words.beside(p.labels().get(i), px, py, p.mark());
      }
    }
  }

  /** The height of a value; below the axis where the scale cannot show it. */
  private double orBelow(double value) {
    double place = y(value);
    return Double.isNaN(place) && !Double.isNaN(value) ? box.bottom() + 3 * CAP : place;
  }

  private void bar(double px, double lower, double upper, Color color) {
    double top = y(upper);
    double bottom = orBelow(lower);
    if (Double.isNaN(top) || Double.isNaN(bottom) || top == bottom) {
      return;
    }
    Pen pen = Pen.solid(color, 1.1 * style.stroke());
    canvas.line(new double[] {px, px}, new double[] {top, bottom}, 2, pen);
    canvas.line(new double[] {px - CAP, px + CAP}, new double[] {top, top}, 2, pen);
    canvas.line(new double[] {px - CAP, px + CAP}, new double[] {bottom, bottom}, 2, pen);
  }

  private void bars(Layer.Bars bars) {
    double zero = y(0);
    double base = Double.isNaN(zero) ? box.bottom() : zero;
    for (int i = 0; i < bars.x().length; i++) {
      double top = y(bars.y()[i]);
      double left = x(bars.x()[i] - bars.width() / 2);
      double right = x(bars.x()[i] + bars.width() / 2);
      if (!Double.isNaN(top + left + right)) {
        canvas.area(
            new double[] {left, right, right, left},
            new double[] {base, base, top, top},
            Palette.clear(bars.color(), BAR),
            Pen.solid(bars.color(), style.stroke()));
      }
    }
  }

  private void boxPlot(Layer.BoxPlot b) {
    double left = x(b.x() - b.width() / 2);
    double right = x(b.x() + b.width() / 2);
    double middle = x(b.x());
    double[] at = Arrays.stream(b.five()).map(this::orBelow).toArray();
    Pen pen = Pen.solid(b.color(), 1.1 * style.stroke());
    canvas.line(new double[] {middle, middle}, new double[] {at[0], at[1]}, 2, pen);
    canvas.line(new double[] {middle, middle}, new double[] {at[3], at[4]}, 2, pen);
    canvas.area(
        new double[] {left, right, right, left},
        new double[] {at[1], at[1], at[3], at[3]},
        Palette.clear(b.color(), BAND),
        pen);
    canvas.line(
        new double[] {left, right},
        new double[] {at[2], at[2]},
        2,
        Pen.solid(b.color(), 2 * style.stroke()));
  }

  private void frames(Layer.Frames f) {
    Pen pen = Pen.solid(f.color(), 1.2 * style.stroke());
    for (int i = 0; i < f.x().length; i++) {
      double left = x(f.x()[i] - 0.5);
      double right = x(f.x()[i] + 0.5);
      double low = y(f.y()[i] - 0.5);
      double high = y(f.y()[i] + 0.5);
      canvas.line(
          new double[] {left, right, right, left, left},
          new double[] {low, low, high, high, low},
          5,
          pen);
    }
  }

  private void band(Layer.Band band) {
    double[] lower = ys(band.lower());
    for (int i = 0; i < lower.length; i++) {
      boolean belowAxis = Double.isNaN(lower[i]) && !Double.isNaN(band.lower()[i]);
      lower[i] = belowAxis ? box.bottom() + 4 : lower[i];
    }
    double[] xs = xs(band.x());
    double[] upper = ys(band.upper());
    for (int i = 0; i < xs.length; i++) {
      xs[i] = Double.isNaN(lower[i]) || Double.isNaN(upper[i]) ? Double.NaN : xs[i];
    }
    List<Polyline> tops = Polyline.parts(xs, upper);
    List<Polyline> bottoms = Polyline.parts(xs, lower);
    for (int k = 0; k < tops.size(); k++) {
      Polyline outline =
          tops.get(k)
              .thinned(box.width())
              .wide()
              .closedWith(bottoms.get(k).thinned(box.width()).wide());
      canvas.area(outline.x(), outline.y(), Palette.clear(band.color(), BAND), NO_PEN);
    }
  }

  private void rule(Layer.Rule rule) {
    double at = rule.vertical() ? x(rule.at()) : y(rule.at());
    if (Double.isNaN(at)) {
      return;
    }
    Pen pen = new Pen(rule.color(), style.stroke(), rule.style());
    if (rule.vertical()) {
      TextStyle text = TextStyle.of(style.note(), Anchor.END).in(rule.color());
      canvas.line(new double[] {at, at}, new double[] {box.y(), box.bottom()}, 2, pen);
      canvas.text(
          rule.label().within(text.size(), box.height()), at - 3, box.y() + 2, text.turnedUp());
    } else {
      canvas.line(new double[] {box.x(), box.right()}, new double[] {at, at}, 2, pen);
    }
  }
}
