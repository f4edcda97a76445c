package dev.emergence.spec;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths on paper as they are written: {@code 85mm}, {@code 3.3in}. */
public final class Lengths {
  private static final Pattern LENGTH = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(mm|cm|in|pt)");
  private static final double INCH = 25.4;

  /** No journal prints less or more. */
  private static final double LEAST = 20;

  private static final double MOST = 2000;

  private Lengths() {}

  /** Millimetres; empty for what is no length from 20 mm to 2 m. */
  public static OptionalDouble millimetres(String text) {
    Matcher m = LENGTH.matcher(text.strip());
    if (!m.matches()) {
      return OptionalDouble.empty();
    }
    double unit =
        switch (m.group(2)) {
          case "mm" -> 1;
          case "cm" -> 10;
          case "in" -> INCH;
          default -> INCH / 72;
        };
    double length = Double.parseDouble(m.group(1)) * unit;
    return length >= LEAST && length <= MOST ? OptionalDouble.of(length) : OptionalDouble.empty();
  }
}
