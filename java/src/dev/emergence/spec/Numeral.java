package dev.emergence.spec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * The one style of numbers for readers, in console, report, tables and figures: at most four digits
 * that count, without zeros at the end, and powers of ten such as {@code 3·10⁻⁴} below a thousandth
 * and from a million on. Times and counts of things that are whole keep all their digits in tables,
 * in the console and on the page, because readers look them up; marks of axes and cells of heat
 * maps do not. Files and CSV have numbers as they are typed, {@code 3.0e-4}, with all digits.
 */
public final class Numeral {
  private static final double LEAST_PLAIN = 1e-3;
  private static final double LEAST_POWER = 1e6;
  private static final int DIGITS = 4;
  private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numeral() {}

  /**
   * {@code 0.838}, {@code 1.44}, {@code 3·10⁻⁴}, {@code 10⁻³⁰}, {@code ∞}; a dash for no number.
   */
  public static String of(double value) {
    return Double.isFinite(value)
        ? text(new BigDecimal(value).round(new MathContext(DIGITS)))
        : endless(value);
  }

  /** A value as it was set, with all its digits: {@code 3·10⁻⁴}, {@code 0.12345}. */
  public static String setting(double value) {
    return Double.isFinite(value) ? text(new BigDecimal(Double.toString(value))) : endless(value);
  }

  /** {@code 1 run}, {@code 2 runs}. */
  public static String count(long n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private static String endless(double value) {
    return Double.isNaN(value) ? "–" : value > 0 ? "∞" : "-∞";
  }

  private static String text(BigDecimal number) {
    BigDecimal rounded = number.stripTrailingZeros();
    double size = Math.abs(rounded.doubleValue());
    if (isPlain(size)) {
      return rounded.toPlainString();
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    String factor = rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString();
    String power = "10" + raised(exponent);
    return switch (factor) {
      case "1" -> power;
      case "-1" -> "-" + power;
      default -> factor + "·" + power;
    };
  }

  /** Whether a size is written without a power of ten. */
  public static boolean isPlain(double size) {
    return size == 0 || (size >= LEAST_PLAIN && size < LEAST_POWER);
  }

  /** Digits up to the first that is no nine, at least four, as R² near 1 is judged by them. */
  public static String share(double value) {
    int digits =
        Double.isNaN(value) || value >= 1
            ? DIGITS
            : (int) Math.min(7, Math.max(DIGITS, Math.ceil(-Math.log10(1 - value)) + 1));
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String raised(int exponent) {
    StringBuilder out = new StringBuilder(exponent < 0 ? "⁻" : "");
    for (char digit : String.valueOf(Math.abs(exponent)).toCharArray()) {
      out.append(RAISED.charAt(digit - '0'));
    }
    return out.toString();
  }
}
