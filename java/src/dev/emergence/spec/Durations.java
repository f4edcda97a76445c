package dev.emergence.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as files write them: {@code 90s}, {@code 5min}, {@code 1.5h}. */
public final class Durations {
  private static final Pattern WRITTEN =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|min|h|d)");

  private Durations() {}

  /** The length of time, to the millisecond; empty when the text is none. */
  public static Optional<Duration> parse(String text) {
    Matcher m = WRITTEN.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    double millis =
        switch (m.group(2)) {
          case "ms" -> 1;
          case "s" -> 1e3;
          case "min" -> 6e4;
          case "h" -> 3.6e6;
          default -> 8.64e7;
        };
    return Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(m.group(1)) * millis)));
  }
}
