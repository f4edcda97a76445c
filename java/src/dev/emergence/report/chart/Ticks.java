package dev.emergence.report.chart;

import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The marks of an axis.
 *
 * @param marks inside the axis, in rising order
 * @param multiplier what all labels are to be multiplied by, or empty: {@code ·10⁵}
 */
record Ticks(List<Tick> marks, RichText multiplier) {
  private static final int[] TWO_AND_FIVE = {2, 5};

  /** A step of so small a part of an axis has two multiples on it. */
  private static final int MOST_PARTS = 6;

  /** Marks beyond those that were wanted, at the ends or of a smaller step. */
  private static final double MOST_MORE = 2;

  /** Marks for an axis of so many pixels whose labels need so much room each. */
  static Ticks of(Axis axis, AxisScale scale, double pixels, double room) {
    if (axis.bare()) {
      return new Ticks(List.of(), RichText.EMPTY);
    }
    if (!axis.words().isEmpty()) {
      return words(axis.words(), scale);
    }
    if (!axis.ticks().isEmpty()) {
      return given(axis.ticks(), scale, pixels, room);
    }
    int most = (int) Math.max(2, Math.floor(pixels / room));
    return switch (scale.scale()) {
      case LINEAR -> linear(scale, Math.min(most, 8));
      case LOG -> logarithmic(scale, pixels, room);
      case SYMLOG -> symmetric(scale, pixels, room);
    };
  }

  private static Ticks words(List<RichText> words, AxisScale scale) {
    List<Tick> marks = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (scale.covers(i)) {
        marks.add(new Tick(i, words.get(i)));
      }
    }
    return new Ticks(marks, RichText.EMPTY);
  }

  /** Ticks that were asked for; where they would touch, labels are left out. */
  private static Ticks given(List<Double> values, AxisScale scale, double pixels, double room) {
    List<Tick> marks = new ArrayList<>();
    double last = Double.NaN;
    // One spelling on one axis: all as powers of ten where one of them needs it.
    boolean powers = values.stream().anyMatch(v -> RichText.ofNumber(v).spans().size() > 1);
    for (double v : values.stream().sorted().toList()) {
      double at = scale.place(v) * pixels;
      if (scale.covers(v)) {
        boolean free = !(Math.abs(at - last) < room * 0.8);
        marks.add(
            free
                ? new Tick(v, powers ? RichText.asPower(v) : RichText.ofNumber(v))
                : Tick.minor(v));
        last = free ? at : last;
      }
    }
    return new Ticks(marks, RichText.EMPTY);
  }

  private static Ticks linear(AxisScale scale, int most) {
    double low = Math.min(scale.from(), scale.to());
    double high = Math.max(scale.from(), scale.to());
    double wide = step(high / most - low / most);
    double step = readable(low, high, wide);
    double size = Math.max(Math.abs(low), Math.abs(high));
    int exponent = size >= 1e5 || size < 1e-2 ? (int) Math.floor(Math.log10(size) + 1e-9) : 0;
    double unit = Math.pow(10, exponent);
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9));
    List<Tick> marks = new ArrayList<>();
    // Counted in whole numbers: adding to a floating-point number may leave it as it is, for ever.
    double first = Math.ceil(low / step - 1e-9);
    int count = (int) Math.min(most + MOST_MORE, inside(low, high, step));
    for (int i = 0; i < count; i++) {
      double v = first + i == 0 ? 0 : (first + i) * step;
      String label = String.format(Locale.ROOT, "%." + decimals + "f", v / unit).replace('-', '−');
      // There is room for two numbers, not for all of a step that is smaller than was wanted.
      boolean labelled = step == wide || i == 0 || i == count - 1;
      marks.add(labelled ? new Tick(v, RichText.plain(v == 0 ? "0" : label)) : Tick.minor(v));
    }
    return new Ticks(
        marks,
        exponent == 0
            ? RichText.EMPTY
            : RichText.plain("·").then(RichText.powerOfTen(1, exponent)));
  }

  /** A smaller step where one number at most would be on the axis, which cannot be read then. */
  private static double readable(double low, double high, double step) {
    double out = step;
    for (int parts = 2; parts <= MOST_PARTS && inside(low, high, out) < 2; parts++) {
      out = Math.min(out, step(high / parts - low / parts));
    }
    return out;
  }

  /** How many multiples of a step are on an axis. */
  private static double inside(double low, double high, double step) {
    return Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  }

  /** The smallest of 1, 2, 5 times a power of ten that is not smaller. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static Ticks logarithmic(AxisScale scale, double pixels, double room) {
    double low = Math.min(scale.from(), scale.to());
    double high = Math.max(scale.from(), scale.to());
    int first = (int) Math.ceil(Math.log10(low) - 1e-9);
    int last = (int) Math.floor(Math.log10(high) + 1e-9);
    int powers = last - first + 1;
    double decade = pixels / (Math.log10(high) - Math.log10(low));
    int every = (int) Math.max(1, Math.ceil(room / decade));
    List<Tick> marks = new ArrayList<>();
    boolean raised = !Numeral.isPlain(low) || !Numeral.isPlain(high);
    for (int e = first - 1; e <= last; e++) {
      double power = Math.pow(10, e);
      if (scale.covers(power)) {
        marks.add(
            Math.floorMod(e, every) == 0
                ? new Tick(power, powers < 2 ? between(1, e, raised) : RichText.powerOfTen(1, e))
                : Tick.minor(power));
      }
      for (int m = 2; m <= 9 && every == 1; m++) {
        if (scale.covers(m * power)) {
          marks.add(
              powers < 2 && labelled(m, powers, decade / room)
                  ? new Tick(m * power, between(m, e, raised))
                  : Tick.minor(m * power));
        }
      }
    }
    return readable(marks, scale, pixels, room);
  }

  /** An axis between two powers of ten has none to label: it gets the marks of a linear one. */
  private static Ticks readable(List<Tick> marks, AxisScale scale, double pixels, double room) {
    return marks.stream().filter(Tick::labelled).count() < 2
        ? linear(scale, (int) Math.max(2, Math.min(5, pixels / room)))
        : new Ticks(marks, RichText.EMPTY);
  }

  /**
   * With one power of ten on the axis 2 and 5 help, and 3 and 4 where a decade has {@code places}
   * enough for them; with none every digit does.
   */
  private static boolean labelled(int digit, int powers, double places) {
    boolean free = digit <= 5 && places * Math.log10(5.0 / 4) >= 1;
    return powers < 1 || free || digit == TWO_AND_FIVE[0] || digit == TWO_AND_FIVE[1];
  }

  /** All numbers of an axis as powers of ten, or none of them. */
  private static RichText between(int digit, int exponent, boolean raised) {
    return raised
        ? RichText.powerOfTen(digit, exponent)
        : RichText.ofNumber(digit * Math.pow(10, exponent));
  }

  private static Ticks symmetric(AxisScale scale, double pixels, double room) {
    List<Tick> marks = new ArrayList<>();
    int first = (int) Math.round(Math.log10(scale.linearUpTo()));
    int last = (int) Math.ceil(Math.log10(Math.max(Math.abs(scale.from()), Math.abs(scale.to()))));
    double decade =
        Math.abs(scale.place(Math.pow(10, first + 1.0)) - scale.place(Math.pow(10, first)))
            * pixels;
    int every = (int) Math.max(1, Math.ceil(room / decade));
    for (int sign = -1; sign <= 1; sign += 2) {
      for (int e = first; e <= last; e++) {
        double v = sign * Math.pow(10, e);
        // The innermost power touches 0 when decades are narrow; count labels from the outer end.
        boolean label = Math.floorMod(last - e, every) == 0 && (e > first || decade >= room);
        if (scale.covers(v)) {
          RichText power = RichText.powerOfTen(1, e);
          marks.add(
              label
                  ? new Tick(v, sign < 0 ? RichText.plain("−").then(power) : power)
                  : Tick.minor(v));
        }
      }
    }
    if (scale.covers(0)) {
      marks.add(new Tick(0, RichText.plain("0")));
    }
    marks.sort((a, b) -> Double.compare(a.value(), b.value()));
    return readable(marks, scale, pixels, room);
  }
}
