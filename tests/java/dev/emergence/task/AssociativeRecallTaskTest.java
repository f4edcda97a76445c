package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.CopyCount;
import dev.emergence.spec.TaskSpec.QueryPlacement;
import dev.emergence.tensor.Backend;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The recall task, its levels of guessing, and how often the query's key stands in the context. */
class AssociativeRecallTaskTest implements RecallCase {
  private final Backend backend = new ReferenceBackend();

  @Override
  public Backend backend() {
    return backend;
  }

  @Test
  void levels_without_repetition_are_those_of_guessing() {
    try (Lab lab = Lab.of(config(), 3)) {
      List<Level> levels = lab.task().levels(0, "test");
      assertThat(value(levels, "oracle", "loss")).isZero();
      assertThat(value(levels, "oracle", "accuracy")).isEqualTo(1);
      assertThat(value(levels, "blind", "loss")).isEqualTo(Math.log(12));
      assertThat(value(levels, "blind", "accuracy")).isEqualTo(1.0 / 12);
      assertThat(value(levels, "in_context", "loss")).isCloseTo(Math.log(5), within(1e-12));
      assertThat(value(levels, "in_context", "accuracy")).isCloseTo(1.0 / 5, within(1e-12));
      assertThat(value(levels, "most_frequent", "accuracy")).isCloseTo(1.0 / 5, within(1e-12));
    }
  }

  @Test
  void levels_with_repetition_are_what_guessers_reach_on_samples() {
    for (String placement : new String[] {"at_least_one", "binomial_positive", "exactly"}) {
      try (Lab lab = Lab.of(config("task.query_placement=" + placement), 3)) {
        List<Level> levels = lab.task().levels(0, "copies");
        int n = 6000;
        Drawn drawn = lab.test("copies", n, 0);
        double loss = 0;
        double drawnValue = 0;
        double frequent = 0;
        for (int i = 0; i < n; i++) {
          int copies = drawn.relevant(i).length;
          loss += Math.log(5.0 / copies) / n;
          drawnValue += copies / 5.0 / n;
          frequent += (copies > 1 ? 1 : 0.2) / n;
        }
        // Losses lie between 0 and ln 5, the others between 0 and 1.
        Chance.assertMean(placement, loss, n, value(levels, "in_context", "loss"), Math.log(5) / 2);
        Chance.assertMean(placement, drawnValue, n, value(levels, "in_context", "accuracy"), 0.5);
        Chance.assertMean(placement, frequent, n, value(levels, "most_frequent", "accuracy"), 0.5);
      }
    }
  }

  @Test
  void the_oracle_of_binomial_placement_guesses_among_the_tokens_that_are_no_values() {
    try (Lab lab = Lab.of(config("task.query_placement=binomial"), 3)) {
      List<Level> levels = lab.task().levels(0, "test");
      double absent = Math.pow(0.8, 5);
      assertThat(value(levels, "oracle", "loss")).isCloseTo(absent * Math.log(7), within(1e-12));
      assertThat(value(levels, "oracle", "accuracy"))
          .isCloseTo(1 - absent + absent / 7, within(1e-12));
      double once = 5 * 0.2 * Math.pow(0.8, 4);
      assertThat(value(levels, "most_frequent", "accuracy"))
          .isCloseTo(1 - absent - once + once / 5, within(1e-12));
      assertThat(levels).noneMatch(l -> l.name().equals("in_context") && l.metric().equals("loss"));
    }
  }

  private static double value(List<Level> levels, String name, String metric) {
    return levels.stream()
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void copy_counts_are_distributions_with_the_stated_means() {
    for (QueryPlacement placement : QueryPlacement.values()) {
      for (int pairs : new int[] {1, 2, 7, 32}) {
        for (int copies : new int[] {1, pairs / 2 + 1, pairs}) {
          CopyCount count = CopyCount.of(placement, pairs, copies);
          assertThat(Arrays.stream(count.probabilities()).sum()).isCloseTo(1, within(1e-12));
          double mean =
              placement == QueryPlacement.BINOMIAL_POSITIVE
                  ? copies / (1 - Math.pow(1 - (double) copies / pairs, pairs))
                  : copies;
          assertThat(count.mean())
              .as(placement + " " + copies + " of " + pairs)
              .isCloseTo(mean, within(1e-10));
        }
      }
    }
  }

  @Test
  void copy_counts_meet_the_numbers_of_the_paper_check() {
    assertThat(CopyCount.of(QueryPlacement.BINOMIAL, 32, 1).of(0)).isCloseTo(0.362, within(5e-4));
    assertThat(CopyCount.of(QueryPlacement.AT_LEAST_ONE, 32, 8).of(1))
        .isCloseTo(3.6e-4, within(5e-6));
    assertThat(CopyCount.of(QueryPlacement.BINOMIAL, 32, 8).of(1)).isCloseTo(1.1e-3, within(5e-5));
    assertThat(CopyCount.of(QueryPlacement.AT_LEAST_ONE, 32, 1).of(1)).isEqualTo(1);
  }

  @Test
  void too_many_pairs_copies_or_favoured_tokens_are_refused() {
    assertThatThrownBy(() -> Configs.recall("task.pairs=13"))
        .hasMessageContaining("13 pairs")
        .hasMessageContaining("12 tokens");
    assertThatThrownBy(() -> Configs.recall("repetition.in_context=6"))
        .hasMessageContaining("from 1 to 5, got 6");
    assertThatThrownBy(() -> Configs.recall("repetition.in_context=0"))
        .hasMessageContaining("got 0");
    assertThatThrownBy(() -> Configs.recall("repetition.repeated_tokens=13"))
        .hasMessageContaining("12 tokens");
    assertThatThrownBy(() -> Configs.recall("task.pairs=12", "task.query_placement=binomial"))
        .hasMessageContaining("12 other keys");
    assertThatThrownBy(
            () ->
                Configs.recall(
                    "task.pairs=12", "measurement.test_sets={rare: {query_placement: binomial}}"))
        .hasMessageContaining("12 other keys");
  }
}
