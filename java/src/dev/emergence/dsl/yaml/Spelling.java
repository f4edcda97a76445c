package dev.emergence.dsl.yaml;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * How numbers and switches are written. One spelling only, because {@code 010}, {@code 1_000},
 * {@code yes} and {@code .5} mean different things to different YAML readers.
 */
public final class Spelling {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,4})?");
  private static final Pattern LOOSE =
      Pattern.compile("([-+]?)([0-9]{0,40})(?:\\.([0-9]{0,40}))?(?:[eE]([-+]?)([0-9]{1,4}))?");

  /** Dashes and signs that look like a minus: typed by editors, or copied from a paper. */
  private static final Pattern DASH =
      Pattern.compile("[\\u2010-\\u2015\\u2212\\uFE58\\uFE63\\uFF0D]");

  private static final Pattern BASED = Pattern.compile("([-+]?)0([xXoObB])([0-9a-fA-F_]{1,15})");
  private static final Pattern GROUPED =
      Pattern.compile("[-+]?[0-9]{1,15}([_,' ][0-9]{1,15}){1,15}(\\.[0-9]{1,15})?");

  private Spelling() {}

  /** Whether this is a number as it should be written. */
  public static boolean isNumber(String text) {
    return text.length() <= 64 && NUMBER.matcher(text).matches();
  }

  /** The number that a text is, also one in percent; empty when it is none. */
  public static OptionalDouble valueOf(String text) {
    boolean percent = text.endsWith("%");
    String plain = percent ? text.substring(0, text.length() - 1) : text;
    return isNumber(plain)
        ? OptionalDouble.of(Double.parseDouble(plain) * (percent ? 0.01 : 1))
        : OptionalDouble.empty();
  }

  /** Whether this is an infinity or no number at all. */
  public static boolean isNotFinite(String text) {
    String t = text.toLowerCase(Locale.ROOT).replaceFirst("^[-+]", "").replaceFirst("^\\.", "");
    return t.equals("nan") || t.equals("inf") || t.equals("infinity");
  }

  /** The right spelling of an odd number: 10 for 010. Empty when it is no odd number. */
  public static Optional<String> number(String text) {
    if (text.length() > 80 || isNumber(text)) {
      return Optional.empty();
    }
    String plain = DASH.matcher(text).replaceAll("-");
    if (isNumber(plain)) {
      return Optional.of(plain);
    }
    var based = BASED.matcher(text);
    if (based.matches()) {
      return based(
          based.group(1), based.group(2).toLowerCase(Locale.ROOT), based.group(3).replace("_", ""));
    }
    if (GROUPED.matcher(text).matches()) {
      return loose(text.replaceAll("[_,' ]", ""));
    }
    return loose(text);
  }

  private static Optional<String> based(String sign, String base, String digits) {
    int radix = base.equals("x") ? 16 : base.equals("o") ? 8 : 2;
    try {
      return Optional.of(sign.replace("+", "") + new BigInteger(digits, radix));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> loose(String text) {
    var m = LOOSE.matcher(text);
    if (!m.matches() || (m.group(2).isEmpty() && (m.group(3) == null || m.group(3).isEmpty()))) {
      return Optional.empty();
    }
    String whole = m.group(2).replaceFirst("^0+(?=.)", "");
    String fraction = m.group(3) == null ? "" : "." + (m.group(3).isEmpty() ? "0" : m.group(3));
    String exponent = m.group(5) == null ? "" : "e" + m.group(4).replace("+", "") + m.group(5);
    return Optional.of(
        m.group(1).replace("+", "") + (whole.isEmpty() ? "0" : whole) + fraction + exponent);
  }

  /** {@code true} or {@code false} for an odd spelling of it. */
  public static Optional<String> flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "y" -> Optional.of("true");
      case "false", "no", "off", "n" -> Optional.of("false");
      default -> Optional.empty();
    };
  }
}
