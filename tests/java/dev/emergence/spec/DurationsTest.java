package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void parts_of_several_units_add_up() {
    assertThat(Durations.parse("7h50min")).contains(Duration.ofMinutes(470));
    assertThat(Durations.parse("1.5d")).contains(Duration.ofHours(36));
    assertThat(Durations.parse("250ms")).contains(Duration.ofMillis(250));
    assertThat(Durations.parse("5 minutes")).isEmpty();
  }

  @Test
  void what_no_clock_could_count_is_no_length_of_time() {
    assertThat(Durations.parse("10000d")).contains(Duration.ofDays(10_000));
    assertThat(Durations.parse("9999d24h")).contains(Duration.ofDays(10_000));
    assertThat(Durations.parse("10000d1ms")).isEmpty();
    assertThat(Durations.parse("200000d")).isEmpty();
    assertThat(Durations.parse("999999999d999999999d999999999d")).isEmpty();
  }
}
