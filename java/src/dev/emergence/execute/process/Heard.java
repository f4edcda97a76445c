package dev.emergence.execute.process;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What a worker process has said so far, and for how long it has been silent. One thread listens to
 * the process, another looks at it again and again.
 */
final class Heard {
  /**
   * Looks follow each other much faster. After such a gap it was this process that stood still, as
   * after Ctrl-Z or when Slurm suspends a job. Its worker stood still with it, or could not be
   * heard.
   */
  private static final long OWN_PAUSE = TimeUnit.SECONDS.toNanos(10);

  /** Lines that are written together follow each other faster, also on a busy machine. */
  private static final long SETTLED = TimeUnit.SECONDS.toNanos(2);

  private final Launcher.Quiet quiet;

  /** When this process last listened or looked. */
  private long awake;

  /** Since when silence counts: the last line, or the end of a pause of our own after it. */
  private long last;

  private long longestPause;
  private boolean measured;

  volatile boolean begun;
  volatile String lastLine = "";
  volatile boolean silent;
  volatile Optional<Wire.Message> end = Optional.empty();
  final Set<String> working = ConcurrentHashMap.newKeySet();

  /**
   * Nothing yet.
   *
   * @param quiet how long the process may give no sign of life
   * @param now nanoseconds of the clock of the other calls
   */
  Heard(Launcher.Quiet quiet, long now) {
    this.quiet = quiet;
    this.awake = now;
    this.last = now;
  }

  /** A line has come. */
  synchronized void line(long now) {
    wake(now);
    if (measured) {
      longestPause = Math.max(longestPause, TimeUnit.NANOSECONDS.toMillis(now - last));
    }
    last = now;
  }

  /** The process has measured a run, so its speed can be judged from now on. */
  synchronized void measured() {
    measured = true;
  }

  /** Seconds without a sign of life, if these are more than a living process needs. */
  synchronized Optional<Long> tooLongSilent(long now) {
    wake(now);
    long millis = TimeUnit.NANOSECONDS.toMillis(now - last);
    return millis > quiet.limit(measured, longestPause)
        ? Optional.of(millis / 1000)
        : Optional.empty();
  }

  /** Whether something was said after a time, and nothing more for a while. */
  synchronized boolean hasSettled(long since, long now) {
    return last > since && now - last > SETTLED;
  }

  private void wake(long now) {
    if (now - awake > OWN_PAUSE) {
      last = now;
    }
    awake = now;
  }
}
