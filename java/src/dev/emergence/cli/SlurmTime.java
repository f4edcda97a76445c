package dev.emergence.cli;

import dev.emergence.spec.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A wall time as this program writes it, {@code 7h50min}, or as Slurm's users do. */
final class SlurmTime {
  private static final Pattern CLOCK =
      Pattern.compile("(?:(\\d{1,4})-)?(\\d{1,6})(?::(\\d{1,6}))?(?::(\\d{1,6}))?");

  private SlurmTime() {}

  /**
   * {@code minutes}, {@code minutes:seconds}, {@code hours:minutes:seconds}, {@code days-hours},
   * {@code days-hours:minutes}, {@code days-hours:minutes:seconds}, or any of our own durations;
   * empty when it is none of them.
   */
  static Optional<Duration> parse(String text) {
    Matcher m = CLOCK.matcher(text);
    if (!m.matches()) {
      return Durations.parse(text);
    }
    long first = Long.parseLong(m.group(2));
    Optional<Long> second = Optional.ofNullable(m.group(3)).map(Long::parseLong);
    Optional<Long> third = Optional.ofNullable(m.group(4)).map(Long::parseLong);
    if (m.group(1) != null) {
      return Optional.of(
          Duration.ofDays(Long.parseLong(m.group(1)))
              .plusHours(first)
              .plusMinutes(second.orElse(0L))
              .plusSeconds(third.orElse(0L)));
    } else if (third.isPresent()) {
      return Optional.of(
          Duration.ofHours(first).plusMinutes(second.orElseThrow()).plusSeconds(third.get()));
    }
    return Optional.of(Duration.ofMinutes(first).plusSeconds(second.orElse(0L)));
  }
}
