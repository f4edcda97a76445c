package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a training looks up, by a clock that the test moves. */
class PaceTest {
  private static final long MILLISECOND = 1_000_000;

  private final AtomicLong now = new AtomicLong(-7);
  private final Pace pace = new Pace(Duration.ofSeconds(60), now::get);

  private void train(long millisecondsPerStep) {
    pace.begin();
    now.addAndGet(pace.steps() * millisecondsPerStep * MILLISECOND);
    pace.end(pace.steps());
  }

  @Test
  void stretches_grow_to_a_second_and_no_faster_than_by_two() {
    assertThat(pace.steps()).isEqualTo(1);
    for (long expected : new long[] {2, 4, 8, 16, 32, 64, 100, 100}) {
      train(10);
      assertThat(pace.steps()).isEqualTo(expected);
    }
  }

  @Test
  void steps_that_become_slower_make_stretches_shorter_at_once_and_one_step_is_the_least() {
    for (int i = 0; i < 20; i++) {
      train(1);
    }
    assertThat(pace.steps()).isEqualTo(1000);
    train(40);
    assertThat(pace.steps()).isEqualTo(25);
    train(90_000);
    assertThat(pace.steps()).isEqualTo(1);
  }

  @Test
  void a_checkpoint_is_due_when_its_time_is_over_since_the_last() {
    now.addAndGet(59_999 * MILLISECOND);
    assertThat(pace.saveIsDue()).isFalse();
    now.addAndGet(MILLISECOND);
    assertThat(pace.saveIsDue()).isTrue();
    pace.saved();
    assertThat(pace.saveIsDue()).isFalse();
  }
}
