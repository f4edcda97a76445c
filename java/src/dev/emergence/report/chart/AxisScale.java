package dev.emergence.report.chart;

/** Data to places between 0 and 1 along an axis with fixed ends. */
final class AxisScale {
  private static final double PAD_LINEAR = 0.04;
  private static final double PAD_LOG = 0.05;

  /** Ends that are nearer to each other than this share of their size are the same to a reader. */
  private static final double ROUNDING = 1e-12;

  /** Numbers that are not larger than this are zero on a linear axis. */
  private static final double LEAST = 1e-300;

  /** Decades between the linear part of a symmetric logarithmic axis and its end. */
  private static final int SYMLOG_DECADES = 4;

  private final Scale scale;
  private final double from;
  private final double to;
  private final double linearUpTo;

  private AxisScale(Scale scale, double from, double to) {
    this.scale = scale;
    this.from = from;
    this.to = to;
    double top = Math.max(Math.abs(from), Math.abs(to));
    this.linearUpTo = top > 0 ? Math.pow(10, Math.floor(Math.log10(top)) - SYMLOG_DECADES + 1) : 1;
  }

  /**
   * A scale with exactly these ends. Ends that differ by no more than rounding are moved apart,
   * because no marks fit between neighbouring doubles.
   */
  static AxisScale exactly(Scale scale, double from, double to) {
    double size = Math.max(Math.abs(from), Math.abs(to));
    if (Math.abs(to / 2 - from / 2) > ROUNDING * size && size > LEAST) {
      return new AxisScale(scale, from, to);
    }
    if (scale == Scale.LOG) {
      return new AxisScale(
          scale, Math.max(Double.MIN_NORMAL, from / 2), Math.min(Double.MAX_VALUE, to * 2));
    }
    double apart = size <= LEAST ? 1 : size / 2;
    return new AxisScale(
        scale, Math.max(-Double.MAX_VALUE, from - apart), Math.min(Double.MAX_VALUE, from + apart));
  }

  /**
   * The scale of an axis over data.
   *
   * @param data what must be visible; already without numbers that the scale cannot show
   * @param tight whether the data end where the axis ends (heat maps)
   */
  static AxisScale of(Axis axis, Extent data, boolean tight) {
    double low = data.isEmpty() ? (axis.scale() == Scale.LOG ? 1 : 0) : data.low();
    double high = data.isEmpty() ? (axis.scale() == Scale.LOG ? 10 : 1) : data.high();
    double from = given(axis.from(), axis.scale());
    double to = given(axis.to(), axis.scale());
    low =
        Double.isNaN(from) ? Double.isNaN(to) ? low : Math.min(low, below(to, axis.scale())) : from;
    high =
        Double.isNaN(to)
            ? Double.isNaN(from) ? high : Math.max(high, above(from, axis.scale()))
            : to;
    if (low == 0 && high == 0 && !tight) {
      // Nothing but zeros: counts and times do not go below.
      high = 1;
    }
    AxisScale exact = exactly(axis.scale(), low, high);
    if (tight || exact.from != low || exact.to != high) {
      return exact;
    }
    double pad = axis.scale() == Scale.LOG ? PAD_LOG : PAD_LINEAR;
    boolean startsAtZero = low == 0 && axis.scale() == Scale.LINEAR;
    double start = Double.isNaN(from) && !startsAtZero ? exact.value(-pad) : low;
    double end = Double.isNaN(to) ? exact.value(1 + pad) : high;
    return exactly(axis.scale(), start, end);
  }

  /** A given end, or NaN where there is none that the scale can show. */
  private static double given(double end, Scale scale) {
    return Double.isFinite(end) && (scale != Scale.LOG || end > 0) ? end : Double.NaN;
  }

  private static double below(double end, Scale scale) {
    return scale == Scale.LOG ? end / 10 : end - Math.max(1, Math.abs(end));
  }

  private static double above(double end, Scale scale) {
    return scale == Scale.LOG ? end * 10 : end + Math.max(1, Math.abs(end));
  }

  /** Whether a scale can show a number at all. */
  static boolean canShow(Scale scale, double value) {
    return Double.isFinite(value) && (scale != Scale.LOG || value > 0);
  }

  Scale scale() {
    return scale;
  }

  double from() {
    return from;
  }

  double to() {
    return to;
  }

  double linearUpTo() {
    return linearUpTo;
  }

  /**
   * Place of a number, 0 at {@link #from} and 1 at {@link #to}, outside of that beyond them; NaN
   * where there is none.
   */
  double place(double value) {
    return canShow(scale, value)
        ? (forward(value) / 2 - forward(from) / 2) / (forward(to) / 2 - forward(from) / 2)
        : Double.NaN;
  }

  /** The number at a place. */
  double value(double place) {
    double value = backward((1 - place) * forward(from) + place * forward(to));
    double least = scale == Scale.LOG ? Double.MIN_NORMAL : -Double.MAX_VALUE;
    return Double.isNaN(value) ? value : Math.max(least, Math.min(Double.MAX_VALUE, value));
  }

  boolean covers(double value) {
    double place = place(value);
    return place >= -1e-9 && place <= 1 + 1e-9;
  }

  private double forward(double v) {
    return switch (scale) {
      case LINEAR -> v;
      case LOG -> Math.log10(v);
      case SYMLOG -> {
        double size = Math.abs(v) / linearUpTo;
        yield Math.signum(v) * (size <= 1 ? size : 1 + Math.log10(size));
      }
    };
  }

  private double backward(double f) {
    return switch (scale) {
      case LINEAR -> f;
      case LOG -> Math.pow(10, f);
      case SYMLOG -> {
        double size = Math.abs(f);
        yield Math.signum(f) * linearUpTo * (size <= 1 ? size : Math.pow(10, size - 1));
      }
    };
  }
}
