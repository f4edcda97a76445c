package dev.emergence.report.chart;

import java.util.Optional;

/** What the given ends of a panel's axes leave out. */
final class Outside {
  private final AxisScale x;
  private final AxisScale y;
  private int points;
  private int pointsLeftOut;
  private boolean anything;

  private Outside(AxisScale x, AxisScale y) {
    this.x = x;
    this.y = y;
  }

  /** A sentence when data lie beyond ends that were given; empty when all is visible. */
  static Optional<String> sentence(Panel panel, AxisScale x, AxisScale y) {
    boolean words = !panel.x().words().isEmpty();
    if ((words || !given(panel.x())) && !given(panel.y())) {
      return Optional.empty();
    }
    Outside outside = new Outside(x, y);
    panel.layers().forEach(outside::look);
    if (!outside.anything && outside.points > 0) {
      return Optional.of("Nothing lies within these limits.");
    }
    int left = outside.pointsLeftOut;
    return left == 0
        ? Optional.empty()
        : Optional.of(left + (left == 1 ? " point lies" : " points lie") + " beyond the limits.");
  }

  private static boolean given(Axis axis) {
    return !Double.isNaN(axis.from()) || !Double.isNaN(axis.to());
  }

  private void look(Layer layer) {
    if (layer instanceof Layer.Points p) {
      count(p.x(), p.y(), true);
    } else if (layer instanceof Layer.Line l) {
      count(l.x(), l.y(), false);
    } else if (!(layer instanceof Layer.Rule)) {
      anything = true;
    }
  }

  /** A line may run out of the panel; a point that is left out is a number that nobody sees. */
  private void count(double[] xs, double[] ys, boolean single) {
    for (int i = 0; i < xs.length; i++) {
      if (AxisScale.canShow(x.scale(), xs[i]) && AxisScale.canShow(y.scale(), ys[i])) {
        boolean visible = x.covers(xs[i]) && y.covers(ys[i]);
        points++;
        anything |= visible;
        pointsLeftOut += single && !visible ? 1 : 0;
      }
    }
    anything |= !single && passes(xs, ys);
  }

  /** Whether a line crosses the panel between points that lie outside of it. */
  private boolean passes(double[] xs, double[] ys) {
    for (int i = 1; i < xs.length; i++) {
      boolean acrossX = overlaps(x.place(xs[i - 1]), x.place(xs[i]));
      boolean acrossY = overlaps(y.place(ys[i - 1]), y.place(ys[i]));
      if (acrossX && acrossY) {
        return true;
      }
    }
    return false;
  }

  private static boolean overlaps(double a, double b) {
    return Math.min(a, b) <= 1 && Math.max(a, b) >= 0;
  }
}
