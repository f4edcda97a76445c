package dev.emergence.report.chart;

import java.util.List;

/** The range along one axis of a panel of all numbers that its scale can show. */
record Extent(double low, double high) {
  static final Extent NOTHING = new Extent(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  boolean isEmpty() {
    return !(low <= high);
  }

  /** Along x or y, over the layers. */
  static Extent of(List<Layer> layers, boolean alongX, Scale scale) {
    Extent all = NOTHING;
    for (Layer layer : layers) {
      all = alongX ? all.withX(layer, scale) : all.withY(layer, scale);
    }
    return all;
  }

  private Extent withX(Layer layer, Scale scale) {
    if (layer instanceof Layer.Line l) {
      return with(l.x(), scale);
    } else if (layer instanceof Layer.Points p) {
      return with(p.x(), scale);
    } else if (layer instanceof Layer.Band b) {
      return with(b.x(), scale);
    } else if (layer instanceof Layer.Bars b) {
      return with(around(b.x(), b.width()), scale);
    } else if (layer instanceof Layer.BoxPlot b) {
      return with(around(new double[] {b.x()}, b.width()), scale);
    } else if (layer instanceof Layer.Rule r) {
      return r.vertical() ? with(new double[] {r.at()}, scale) : this;
    } else if (layer instanceof Layer.HeatMap h) {
      return with(edges(h.x(), scale), scale);
    }
    return this;
  }

  private Extent withY(Layer layer, Scale scale) {
    if (layer instanceof Layer.Line l) {
      return with(l.y(), scale);
    } else if (layer instanceof Layer.Points p) {
      return with(p.y(), scale).with(p.lower(), scale).with(p.upper(), scale);
    } else if (layer instanceof Layer.Band b) {
      return with(b.lower(), scale).with(b.upper(), scale);
    } else if (layer instanceof Layer.Bars b) {
      Extent all = with(b.y(), scale);
      return scale == Scale.LOG ? all : all.with(new double[] {0}, scale);
    } else if (layer instanceof Layer.BoxPlot b) {
      return with(b.five(), scale);
    } else if (layer instanceof Layer.Rule r) {
      return r.vertical() ? this : with(new double[] {r.at()}, scale);
    } else if (layer instanceof Layer.HeatMap h) {
      return with(edges(h.y(), scale), scale);
    }
    return this;
  }

  private Extent with(double[] values, Scale scale) {
    double l = low;
    double h = high;
    for (double v : values) {
      if (AxisScale.canShow(scale, v)) {
        l = Math.min(l, v);
        h = Math.max(h, v);
      }
    }
    return new Extent(l, h);
  }

  private static double[] around(double[] centres, double width) {
    double[] out = new double[2 * centres.length];
    for (int i = 0; i < centres.length; i++) {
      out[2 * i] = centres[i] - width / 2;
      out[2 * i + 1] = centres[i] + width / 2;
    }
    return out;
  }

  /** Outer edges of evenly spaced cells. */
  static double[] edges(double[] centres, Scale scale) {
    if (centres.length == 0) {
      return centres;
    }
    double first = centres[0];
    double last = centres[centres.length - 1];
    if (centres.length == 1) {
      return scale == Scale.LOG
          ? new double[] {first / 1.5, first * 1.5}
          : new double[] {first - 0.5, first + 0.5};
    }
    AxisScale even = AxisScale.exactly(scale, first, last);
    double half = 0.5 / (centres.length - 1);
    return new double[] {even.value(-half), even.value(1 + half)};
  }
}
