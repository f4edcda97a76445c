package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long the rest of some studies takes. */
class RemainingStudiesTest {
  private final RemainingStudies studies =
      new RemainingStudies(Map.of("ablate", 3, "patch", 2), 1, 100);

  @Test
  void nothing_is_known_before_the_first_has_ended() {
    assertThat(studies.seconds()).isEmpty();
    assertThat(studies.share(107)).isZero();
  }

  @Test
  void a_study_takes_as_long_as_it_took_and_a_new_one_as_all_others() {
    studies.ended("ablate", 4);
    assertThat(studies.seconds()).hasValue(4 * 4.0);
    studies.ended("patch", 10);
    assertThat(studies.seconds()).hasValue(2 * 4.0 + 10);
    assertThat(studies.share(114)).isCloseTo(14 / (14.0 + 18), within(1e-12));
  }

  @Test
  void studies_side_by_side_take_a_part_of_the_time() {
    RemainingStudies three = new RemainingStudies(Map.of("ablate", 5), 3, 100);
    three.ended("ablate", 4);
    assertThat(three.seconds()).hasValue(4 * 4.0 / 3);
    three.ended("ablate", 4);
    three.ended("ablate", 4);
    assertThat(three.seconds()).as("two are left").hasValue(4);
  }

  @Test
  void what_another_process_made_is_done_and_says_nothing_of_the_time() {
    studies.ended("ablate", 0);
    assertThat(studies.seconds()).isEmpty();
    assertThat(studies.share(103)).isEqualTo(0.2);
    studies.ended("ablate", 4);
    assertThat(studies.seconds()).hasValue(3 * 4.0);
  }

  @Test
  void runs_that_others_finish_later_count_when_they_are_studied() {
    for (int i = 0; i < 6; i++) {
      studies.ended("ablate", 1);
    }
    assertThat(studies.ended()).isEqualTo(6);
    assertThat(studies.total()).isEqualTo(6);
    assertThat(studies.share(110)).isEqualTo(1);
  }

  @Test
  void a_study_of_more_runs_than_were_counted_takes_nothing_off_the_time_of_another() {
    RemainingStudies both = new RemainingStudies(Map.of("ablate", 1, "patch", 3), 1, 100);
    both.ended("ablate", 4);
    both.ended("ablate", 4);
    assertThat(both.seconds()).hasValue(3 * 4.0);
  }
}
