package dev.emergence.dsl.yaml;

import java.math.BigDecimal;
import java.math.MathContext;

/** How values are printed in messages. */
public final class Texts {
  private static final int LONGEST = 60;
  private static final int LONGEST_ENDING = 300;

  private Texts() {}

  /** At most 60 code points of {@code text}, on one line, with control characters made visible. */
  public static String shorten(String text) {
    return text.codePointCount(0, text.length()) > LONGEST
        ? visible(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "..."
        : visible(text);
  }

  /** The last 300 code points of {@code text}, as {@link #shorten} writes its first ones. */
  public static String ending(String text) {
    int surplus = text.codePointCount(0, text.length()) - LONGEST_ENDING;
    return surplus > 0
        ? "..." + visible(text.substring(text.offsetByCodePoints(0, surplus)))
        : visible(text);
  }

  /** The whole text on one line, with control characters made visible. */
  private static String visible(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isHidden(c)) {
                out.append(String.format(java.util.Locale.ROOT, "<U+%04X>", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /** Whether a character would not be seen, or would break or turn the line it is printed in. */
  static boolean isHidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** A number to six digits: 256, 0.5, 1e-4, 40.3175. */
  public static String number(double value) {
    return number(value, 6);
  }

  /** A number with all its digits, for the ends of a range. */
  public static String exact(double value) {
    return number(value, 15);
  }

  private static String number(double value, int digits) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return String.valueOf(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return String.valueOf((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    boolean plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e15;
    return plain ? rounded.toPlainString() : rounded.toString().replace("E", "e");
  }
}
