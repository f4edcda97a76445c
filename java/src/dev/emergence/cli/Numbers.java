package dev.emergence.cli;

import dev.emergence.spec.Durations;
import dev.emergence.spec.Numeral;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
final class Numbers {
  private Numbers() {}

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** {@code 430 ms}, {@code 12 s}, {@code 3.5 min}, {@code 2.1 h}, {@code 4.0 d}. */
  static String time(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "?";
    } else if (seconds == 0) {
      return "0 s";
    } else if (seconds < 0.9995) {
      return text(seconds < 0.01 ? "%.2g ms" : "%.0f ms", seconds * 1e3);
    } else if (seconds < 90) {
      return text("%.0f s", seconds);
    } else if (seconds < 5400) {
      return text("%.1f min", seconds / 60);
    }
    double days = seconds / 86400;
    if (days >= 1e6) {
      return Numeral.of(days) + " d";
    }
    return days < 1.5 ? text("%.1f h", seconds / 3600) : text("%.1f d", days);
  }

  /** A measured or fitted number in the style of all readers; whole ones with all digits. */
  static String value(double x) {
    // Without a sign before 0: a slope of equal times is often -0.
    return x == Math.rint(x) && Math.abs(x) < 1e9 ? text("%.0f", x + 0.0) : Numeral.of(x);
  }

  /**
   * A number that an option takes.
   *
   * @throws Refusal when it is out of range
   */
  static int within(int value, int least, int most, String option) {
    if (value < least || value > most) {
      String range =
          most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most;
      throw new Refusal(ExitCode.USAGE, option + " must be " + range + ", got " + value);
    }
    return value;
  }

  /**
   * {@code 90s 5min 2h 7h50min}.
   *
   * @throws Refusal saying how durations are written
   */
  static Duration duration(String text, String option) {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.USAGE,
                    option
                        + " takes a duration such as 90s, 5min, 2h or 7h50min, 10000d at most, got '"
                        + text
                        + "'"));
  }
}
