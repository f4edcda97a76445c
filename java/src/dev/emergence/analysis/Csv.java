package dev.emergence.analysis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines of comma-separated values after RFC 4180, safe to open in a spreadsheet. */
public final class Csv {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  /** A spreadsheet takes a cell that begins so for a formula. */
  private static final String ACTIVE = "=+-@\t\r";

  private Csv() {}

  /**
   * One line with its line feed. Numbers that are not finite, null and empty optionals are empty
   * cells.
   */
  public static String line(List<?> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\n";
  }

  /** One cell of a line. */
  static String cell(Object value) {
    if (value instanceof Optional<?> optional) {
      return cell(optional.orElse(null));
    }
    if (value == null || (value instanceof Double d && !Double.isFinite(d))) {
      return "";
    }
    if (value instanceof Number n) {
      return number(n.doubleValue());
    }
    return text(value.toString());
  }

  /**
   * The shortest text that reads back as the same double, whole numbers without a point, powers of
   * ten as files have them ({@code 3.0e-4}): half of a table's time goes here.
   */
  public static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? Long.toString((long) value) : Double.toString(value).replace('E', 'e');
  }

  /** A value as experiment files and tables spell it: {@code 3.0e-4}, {@code 0}, {@code adam}. */
  public static String spelled(Object value) {
    return value instanceof Double d ? number(d) : String.valueOf(value);
  }

  /** Swept values of a condition, as people read them in a line: {@code task.dim=16 lr=0.5}. */
  public static String setting(Map<String, Object> values) {
    return values.entrySet().stream()
        .map(e -> e.getKey() + "=" + spelled(e.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** Text that begins like a formula gets an apostrophe before it, unless it is a number. */
  private static String text(String text) {
    boolean active =
        !text.isEmpty() && ACTIVE.indexOf(text.charAt(0)) >= 0 && !NUMBER.matcher(text).matches();
    String safe = active ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
