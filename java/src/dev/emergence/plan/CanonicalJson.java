package dev.emergence.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON with one spelling for a value, after RFC 8785 (JSON Canonicalization Scheme): sorted keys,
 * no blanks, and the shortest number that reads back as the same double, in ECMAScript's notation.
 * Independent of the Java version, unlike {@link Double#toString}.
 */
public final class CanonicalJson {
  /**
   * Whole numbers below are told apart by all their digits, so that no shorter search is needed.
   */
  private static final double EVERY_DIGIT_COUNTS = 1e15;

  private CanonicalJson() {}

  /**
   * The one spelling of a tree.
   *
   * @param tree maps with string keys, lists, strings, booleans, numbers and null
   * @throws IllegalArgumentException for a number that is not finite, or another type
   */
  public static String of(Object tree) {
    StringBuilder out = new StringBuilder();
    write(tree, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number n) {
      out.append(number(n));
    } else if (value instanceof String s) {
      string(s, out);
    } else if (value instanceof List<?> list) {
      array(list, out);
    } else if (value instanceof Map<?, ?> map) {
      object(map, out);
    } else {
      throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
    }
  }

  private static void array(List<?> list, StringBuilder out) {
    out.append('[');
    String separator = "";
    for (Object item : list) {
      out.append(separator);
      write(item, out);
      separator = ",";
    }
    out.append(']');
  }

  private static void object(Map<?, ?> map, StringBuilder out) {
    TreeMap<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put((String) key, value));
    out.append('{');
    String separator = "";
    for (Map.Entry<String, Object> entry : sorted.entrySet()) {
      out.append(separator);
      string(entry.getKey(), out);
      out.append(':');
      write(entry.getValue(), out);
      separator = ",";
    }
    out.append('}');
  }

  private static void string(String s, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append("\\u00")
                .append(Character.forDigit(c >> 4, 16))
                .append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /**
   * The shortest decimal that reads back as the same double: {@code 1}, {@code 0.0001}, {@code
   * 1e-7}, {@code 1e+21}.
   *
   * @throws IllegalArgumentException when it is not finite
   */
  public static String number(Number n) {
    double x = n.doubleValue();
    if (!Double.isFinite(x)) {
      throw new IllegalArgumentException("no JSON number for " + x);
    }
    if (x == 0) {
      return "0";
    }
    if (n instanceof Long && (long) x != n.longValue()) {
      return n.toString();
    }
    if (x == Math.rint(x) && Math.abs(x) < EVERY_DIGIT_COUNTS) {
      return Long.toString((long) x);
    }
    BigDecimal shortest = shortest(x);
    String digits = shortest.unscaledValue().abs().toString();
    // The value is 0.DIGITS * 10^point.
    int point = digits.length() - shortest.scale();
    return (x < 0 ? "-" : "") + ecmaScript(digits, point);
  }

  private static BigDecimal shortest(double x) {
    BigDecimal exact = new BigDecimal(x);
    for (int precision = 1; precision < 17; precision++) {
      BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == x) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
  }

  private static String ecmaScript(String digits, int point) {
    int count = digits.length();
    if (count <= point && point <= 21) {
      return digits + "0".repeat(point - count);
    }
    if (0 < point && point <= 21) {
      return digits.substring(0, point) + "." + digits.substring(point);
    }
    if (-6 < point && point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    int exponent = point - 1;
    String mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return mantissa + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
  }
}
