package dev.emergence.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as files and command lines write them: {@code 90s}, {@code 5min}, {@code 1.5h},
 * {@code 7h50min}.
 */
public final class Durations {
  private static final Pattern PART =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|min|h|d)");

  private static final Pattern WRITTEN = Pattern.compile("(?:" + PART + "){1,5}");

  /** Nothing waits for longer, and a clock in nanoseconds has room for ten times as much. */
  private static final Duration LONGEST = Duration.ofDays(10_000);

  private Durations() {}

  /**
   * The length of time, to the millisecond; empty when the text is none, or says more than 10,000
   * days.
   */
  public static Optional<Duration> parse(String text) {
    if (!WRITTEN.matcher(text).matches()) {
      return Optional.empty();
    }
    Matcher parts = PART.matcher(text);
    double millis = 0;
    while (parts.find()) {
      millis += Double.parseDouble(parts.group(1)) * millisOf(parts.group(2));
    }
    return Optional.of(Duration.ofMillis(Math.round(millis)))
        .filter(length -> length.compareTo(LONGEST) <= 0);
  }

  private static double millisOf(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1e3;
      case "min" -> 6e4;
      case "h" -> 3.6e6;
      default -> 8.64e7;
    };
  }
}
