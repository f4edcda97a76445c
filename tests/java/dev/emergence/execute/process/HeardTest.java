package dev.emergence.execute.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a worker may be silent, by a clock of the test's own. */
class HeardTest {
  private static final long START = 17;

  private final Heard heard = new Heard(new Launcher.Quiet(600_000, 120_000, 10), at(0));

  private static long at(double seconds) {
    return START + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  /** Looks at every second from one to another. */
  private void lookFrom(int first, int last) {
    for (int second = first; second <= last; second++) {
      assertThat(heard.tooLongSilent(at(second))).as("second %d", second).isEmpty();
    }
  }

  private void measuredAt(int second) {
    heard.line(at(second));
    heard.measured();
  }

  @Test
  void a_worker_that_says_nothing_for_longer_than_it_may_is_silent() {
    measuredAt(1);
    lookFrom(2, 121);
    assertThat(heard.tooLongSilent(at(122))).contains(121L);
  }

  @Test
  void a_worker_may_be_silent_for_longer_until_it_has_measured() {
    lookFrom(1, 600);
    assertThat(heard.tooLongSilent(at(601))).contains(601L);
  }

  @Test
  void a_worker_that_is_slow_may_be_silent_for_as_many_times_its_longest_pause() {
    measuredAt(1);
    lookFrom(2, 20);
    heard.line(at(21));
    lookFrom(22, 221);
    assertThat(heard.tooLongSilent(at(222))).contains(201L);
  }

  @Test
  void what_a_worker_writes_is_whole_when_nothing_more_comes() {
    heard.line(at(1));
    assertThat(heard.hasSettled(at(2), at(9))).as("nothing since it was asked").isFalse();
    heard.line(at(8.5));
    assertThat(heard.hasSettled(at(2), at(9))).as("it is writing").isFalse();
    assertThat(heard.hasSettled(at(2), at(10.6))).isTrue();
  }

  /** As after Ctrl-Z, or when Slurm suspends a job: the clock goes on meanwhile. */
  @Test
  void a_stop_of_this_process_is_no_silence_of_its_worker() {
    measuredAt(1);
    lookFrom(2, 100);
    assertThat(heard.tooLongSilent(at(400))).isEmpty();
    lookFrom(401, 520);
    assertThat(heard.tooLongSilent(at(521))).contains(121L);
  }

  @Test
  void a_stop_of_this_process_is_no_pause_of_its_worker() {
    measuredAt(1);
    heard.line(at(400));
    lookFrom(401, 520);
    assertThat(heard.tooLongSilent(at(521))).contains(121L);
  }
}
