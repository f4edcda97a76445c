package dev.emergence.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people read them, the same in every locale. */
final class Numbers {
  private Numbers() {}

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** {@code 12 s}, {@code 3.5 min}, {@code 2.1 h}, {@code 4.0 d}. */
  static String time(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "?";
    } else if (seconds < 1) {
      return text("%.0f ms", seconds * 1e3);
    } else if (seconds < 90) {
      return text("%.0f s", seconds);
    } else if (seconds < 5400) {
      return text("%.1f min", seconds / 60);
    }
    return seconds < 129600 ? text("%.1f h", seconds / 3600) : text("%.1f d", seconds / 86400);
  }

  /** {@code 640 B}, {@code 1.2 MiB}. */
  static String bytes(double n) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    int unit = 0;
    while (n >= 1024 && unit < units.length - 1) {
      n /= 1024;
      unit++;
    }
    return text(unit == 0 ? "%.0f %s" : "%.1f %s", n, units[unit]);
  }

  /** A number with at most four digits that count. */
  static String value(double x) {
    if (x == Math.rint(x) && Math.abs(x) < 1e9) {
      return text("%.0f", x);
    }
    return text("%.4g", x);
  }

  /** {@code 90s 5min 2h 7h50min}. @throws Refusal saying how durations are written */
  static Duration duration(String text, String option) {
    if (!text.matches("(\\d{1,9}(\\.\\d{1,3})?(s|min|h|d))+")) {
      throw new Refusal(
          ExitCode.USAGE,
          option + " takes a duration such as 90s, 5min, 2h or 7h50min, got '" + text + "'");
    }
    Matcher parts = Pattern.compile("([\\d.]+)(s|min|h|d)").matcher(text);
    double seconds = 0;
    while (parts.find()) {
      seconds += Double.parseDouble(parts.group(1)) * secondsOf(parts.group(2));
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static double secondsOf(String unit) {
    return switch (unit) {
      case "s" -> 1;
      case "min" -> 60;
      case "h" -> 3600;
      default -> 86400;
    };
  }
}
