package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Why work ends early decides whether the same command would go on with it. */
class InterruptTest {
  @Test
  void a_request_and_the_end_of_the_time_are_pauses_and_a_failed_run_is_none() {
    Interrupt asked = Interrupt.onRequest();
    assertThat(asked.cause().isPause()).as("nothing asked yet").isFalse();
    asked.request("a person");
    assertThat(asked.cause().isPause()).isTrue();
    assertThat(Interrupt.after(Duration.ZERO).cause().isPause()).isTrue();
    Interrupt failed = Interrupt.onRequest();
    failed.requestAfterFailure("a run failed and on_failure is stop");
    assertThat(failed.requested()).isTrue();
    assertThat(failed.cause().isPause()).isFalse();
  }
}
