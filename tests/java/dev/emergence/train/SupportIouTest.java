package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The overlap of heads' heaviest keys with parents, and what it is by chance. */
class SupportIouTest {
  private static final String YAML =
      """
      dsl: 1
      name: iou
      task: {kind: linear_map, cells: 4, parents: 2}
      architecture: {kind: transformer, layers: 2, heads: 2, embedding_dim: 8, head_dim: 4, mlp_factor: 1LOGIT}
      training: {batch_size: 4, max_steps: 10}
      measurement:
        evaluate_every: 10
        evaluate_samples: 16
        attention: {record: [iou, parents]}
      """;

  private static List<Double> measured(String more, List<String> columns) {
    RunConfig config = Yaml.experiment(YAML.replace("LOGIT", more)).base();
    assertThat(columns).allMatch(c -> Metrics.has(config, c));
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(config), List.of(3))) {
      double[] row = training.evaluate()[0];
      return columns.stream().map(c -> row[training.columns().indexOf(c)]).toList();
    }
  }

  @Test
  void heads_that_are_led_to_the_parents_overlap_with_them_alone() {
    List<Double> found =
        measured(
            ", logit_bias: {toward: parents, strength: 30}",
            List.of(
                "attention.iou", "attention.iou_rows", "attention.1.2.iou", "attention.parents"));
    assertThat(found.subList(0, 3)).containsOnly(1.0);
    assertThat(found.get(3)).isCloseTo(1, within(1e-6));
  }

  @Test
  void untrained_heads_have_their_chance_beside_them() {
    List<String> columns =
        List.of(
            "attention.iou",
            "attention.iou_rows",
            "attention.iou_chance",
            "attention.iou_rows_chance");
    List<Double> found = measured("", columns);
    // Queries 3 to 6 see 4 to 7 keys, of which 2 are parents.
    double chance = 0;
    for (int visible = 4; visible <= 7; visible++) {
      chance += SupportIou.chance(visible, 2, 1) / 4;
    }
    assertThat(found.get(2)).isCloseTo(chance, within(1e-12));
    assertThat(found.get(3)).isGreaterThan(found.get(2));
    assertThat(found.get(1)).isGreaterThanOrEqualTo(found.get(0)).isBetween(0.0, 1.0);
  }

  @Test
  void chance_is_the_expectation_by_hand() {
    // 3 of 16 keys, drawn twice: 234, 39 and 1 of 560 draws share 1, 2 and 3 of them.
    double of = (234 * 1 / 5.0 + 39 * 2 / 4.0 + 1) / 560;
    assertThat(SupportIou.chance(16, 3, 1)).isCloseTo(of, within(1e-12));
    // 1 of 4 keys: the best of two heads misses it with probability (3 / 4)^2.
    assertThat(SupportIou.chance(4, 1, 2)).isCloseTo(1 - 9 / 16.0, within(1e-12));
  }

  @Property
  void chance_grows_with_heads_and_is_certain_where_all_keys_are_parents(
      @ForAll @IntRange(min = 1, max = 64) int visible,
      @ForAll @IntRange(min = 1, max = 64) int parents,
      @ForAll @IntRange(min = 1, max = 32) int heads) {
    int count = Math.min(parents, visible);
    double one = SupportIou.chance(visible, count, heads);
    assertThat(one).isBetween(0.0, 1 + 1e-9);
    assertThat(SupportIou.chance(visible, count, heads + 1)).isGreaterThanOrEqualTo(one - 1e-9);
    assertThat(SupportIou.chance(count, count, heads)).isCloseTo(1, within(1e-9));
  }

  @Test
  void the_heaviest_keys_are_taken_and_the_earlier_of_equal_ones() {
    double[] weights = {9, .1, .3, .3, .2};
    assertThat(SupportIou.hits(weights, 1, 4, new boolean[] {false, true, false, false}, 1))
        .isEqualTo(1);
    assertThat(SupportIou.hits(weights, 1, 4, new boolean[] {false, false, true, true}, 2))
        .isEqualTo(1);
    assertThat(SupportIou.hits(weights, 1, 3, new boolean[] {false, true, true}, 2)).isEqualTo(2);
  }
}
