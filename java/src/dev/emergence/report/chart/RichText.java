package dev.emergence.report.chart;

import dev.emergence.spec.Numeral;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A line of text with italic, raised and lowered parts: {@code 10³}, {@code N_pairs}. */
public record RichText(List<Span> spans) {
  /** Size of raised and lowered text beside its line's. */
  static final double SMALL = 0.72;

  /** Shift of raised and lowered text, up being negative, in sizes of the line's text. */
  static final double RISE = -0.38;

  static final double FALL = 0.22;

  /** Text that fits exactly is not cut because its width was added up in another order. */
  private static final double ROUNDING = 1e-6;

  private static final Map<String, String> GREEK =
      Map.ofEntries(
          Map.entry("alpha", "α"),
          Map.entry("beta", "β"),
          Map.entry("gamma", "γ"),
          Map.entry("delta", "δ"),
          Map.entry("eta", "η"),
          Map.entry("kappa", "κ"),
          Map.entry("lambda", "λ"),
          Map.entry("mu", "μ"),
          Map.entry("nu", "ν"),
          Map.entry("sigma", "σ"),
          Map.entry("tau", "τ"),
          Map.entry("theta", "θ"));

  /** Text of nothing. */
  public static final RichText EMPTY = new RichText(List.of());

  public RichText {
    spans = List.copyOf(spans);
  }

  /** Where a part stands. */
  public enum Level {
    BASE,
    RAISED,
    LOWERED
  }

  /** A part of one style. */
  public record Span(String text, boolean italic, Level level) {}

  /** Upright text as it is; control characters become spaces. */
  public static RichText plain(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\uFFFE\\uFFFF]", " ");
    return clean.isEmpty() ? EMPTY : new RichText(List.of(new Span(clean, false, Level.BASE)));
  }

  /**
   * A symbol of a formula: letters and Greek names italic, what follows an underscore lowered,
   * words upright.
   */
  public static RichText symbol(String name) {
    int bar = name.indexOf('_');
    String head = bar > 0 ? name.substring(0, bar) : name;
    if (bar > 0 && head.length() > 1 && !GREEK.containsKey(head)) {
      return plain(name.replace('_', ' '));
    }
    String letter = GREEK.getOrDefault(head, head);
    RichText first = new RichText(List.of(new Span(letter, isLetter(letter), Level.BASE)));
    return bar > 0 ? first.then(lowered(name.substring(bar + 1).replace('_', ' '))) : first;
  }

  /** One letter, with or without an accent of its own. */
  private static boolean isLetter(String text) {
    return text.length() == 1
        || (text.length() == 2 && Character.getType(text.charAt(1)) == Character.NON_SPACING_MARK);
  }

  /** Lowered upright text. */
  public static RichText lowered(String text) {
    return new RichText(List.of(new Span(text, false, Level.LOWERED)));
  }

  /** Raised upright text. */
  public static RichText raised(String text) {
    return new RichText(List.of(new Span(text, false, Level.RAISED)));
  }

  /** Ten to an integer power, with a factor before it unless that is 1: {@code 2·10⁴}. */
  public static RichText powerOfTen(double factor, int exponent) {
    RichText power = plain("10").then(raised(String.valueOf(exponent).replace('-', '−')));
    return factor == 1 ? power : plain(number(factor) + "·").then(power);
  }

  /** A number in at most four digits, as a power of ten where it is very large or small. */
  public static RichText ofNumber(double value) {
    return Numeral.isPlain(Math.abs(value)) || !Double.isFinite(value)
        ? plain(number(value))
        : asPower(value);
  }

  /** A number as a power of ten, whatever its size; zero stays zero. */
  public static RichText asPower(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return plain(number(value));
    }
    // Rounded first: 9.99996e-5 is 10⁻⁴, not 10·10⁻⁵.
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4));
    int exponent = rounded.precision() - rounded.scale() - 1;
    return powerOfTen(rounded.scaleByPowerOfTen(-exponent).doubleValue(), exponent);
  }

  /** Shortest form of at most six significant digits, with a true minus sign. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
    }
    String text =
        new BigDecimal(String.format(Locale.ROOT, "%.5e", value))
            .stripTrailingZeros()
            .toPlainString();
    return text.replace('-', '−');
  }

  /** This text and then the other. */
  public RichText then(RichText other) {
    List<Span> all = new ArrayList<>(spans);
    all.addAll(other.spans);
    return new RichText(all);
  }

  /** This text and then upright text. */
  public RichText then(String text) {
    return then(plain(text));
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return spans.isEmpty();
  }

  /** The letters alone. */
  public String letters() {
    StringBuilder out = new StringBuilder();
    spans.forEach(s -> out.append(s.text()));
    return out.toString();
  }

  /** In letters alone, raised digits as the characters that Unicode has for them: {@code 10⁻³}. */
  public String typeset() {
    StringBuilder out = new StringBuilder();
    for (Span s : spans) {
      for (char c : s.text().toCharArray()) {
        int digit = RAISABLE.indexOf(c);
        out.append(s.level() == Level.RAISED && digit >= 0 ? RAISED_DIGITS.charAt(digit) : c);
      }
    }
    return out.toString();
  }

  private static final String RAISABLE = "0123456789−";
  private static final String RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";

  /** Without blanks at its end. */
  RichText trimmed() {
    if (spans.isEmpty() || !spans.get(spans.size() - 1).text().endsWith(" ")) {
      return this;
    }
    List<Span> all = new ArrayList<>(spans);
    Span last = all.remove(all.size() - 1);
    String text = last.text().stripTrailing();
    if (!text.isEmpty()) {
      all.add(new Span(text, last.italic(), last.level()));
    }
    return new RichText(all);
  }

  /** Estimated width, in the unit of the font size. */
  double width(double fontSize) {
    double sum = 0;
    for (Span s : spans) {
      sum += TextWidth.em(s.text()) * fontSize * (s.level() == Level.BASE ? 1 : SMALL);
    }
    return sum;
  }

  /** This text, cut and ended by an ellipsis where it is wider. */
  RichText within(double fontSize, double width) {
    if (width(fontSize) <= width + ROUNDING) {
      return this;
    }
    List<Span> kept = new ArrayList<>();
    double left = width - TextWidth.em("…") * fontSize;
    for (Span s : spans) {
      double size = fontSize * (s.level() == Level.BASE ? 1 : SMALL);
      String part = TextWidth.prefix(s.text(), left / size);
      left -= TextWidth.em(part) * size;
      if (!part.isEmpty()) {
        kept.add(new Span(part, s.italic(), s.level()));
      }
      if (part.length() < s.text().length()) {
        break;
      }
    }
    return new RichText(kept).then("…");
  }
}
