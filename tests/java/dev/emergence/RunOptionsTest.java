package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOptionsTest {
  private static final RunOptions DEFAULTS = RunOptions.defaults();

  @ParameterizedTest
  @ValueSource(ints = {0, -3, 4097})
  void a_number_of_jobs_that_makes_no_sense_is_refused(int jobs) {
    assertThatThrownBy(() -> DEFAULTS.withJobs(jobs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("jobs must be from 1 to 4096, got " + jobs);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096})
  void the_least_and_the_greatest_number_of_jobs_are_taken(int jobs) {
    assertThat(DEFAULTS.withJobs(jobs).jobs()).contains(jobs);
  }

  @Test
  void nothing_that_is_missing_is_found_out_only_while_it_runs() {
    assertThatNullPointerException().isThrownBy(() -> DEFAULTS.only(null)).withMessage("only");
    assertThatNullPointerException()
        .isThrownBy(() -> DEFAULTS.until(null))
        .withMessage("interrupt");
    assertThatNullPointerException()
        .isThrownBy(() -> DEFAULTS.telling(null))
        .withMessage("progress");
    assertThatNullPointerException().isThrownBy(() -> DEFAULTS.onDevice(null));
  }
}
