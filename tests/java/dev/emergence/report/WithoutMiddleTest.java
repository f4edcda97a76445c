package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Fabricated;
import org.junit.jupiter.api.Test;

/** Conditions whose seeds all have numbers, of which a figure can nevertheless draw no middle. */
class WithoutMiddleTest {
  private static final String NO_MEAN =
      "1 condition has no %s: with a seed at 0 or below there is no geometric mean.";

  /** The words of a figure of two conditions; in that of d = 16 the first seed emerges at 0. */
  private static String words(String plot) {
    String yaml =
        "sweeps: {s: {grid: {task.dim: [16, 32]}}}\nplots: {shape: {data: s, %s}}\n"
            .formatted(plot);
    return Shape.words(
        Shape.svg(yaml, (c, seed) -> Fabricated.d(c) == 16 && seed == 0 ? 0 : 100 + 50 * seed));
  }

  @Test
  void figures_say_of_which_conditions_there_is_no_geometric_mean() {
    assertThat(words("kind: scaling, x: d, y: plateau.steps"))
        .contains(NO_MEAN.formatted("dot"))
        .doesNotContain("no bar");
    assertThat(words("kind: categories, x: d, y: plateau.steps, scale: log"))
        .contains(NO_MEAN.formatted("stroke"));
    assertThat(words("kind: categories, x: d, y: plateau.steps, scale: log, show: bar"))
        .contains(NO_MEAN.formatted("column"));
    assertThat(words("kind: categories, x: d, y: plateau.steps, scale: log, show: box"))
        .doesNotContain("geometric");
    assertThat(words("kind: scaling, x: d, y: plateau.steps, scale: linear"))
        .doesNotContain("geometric");
  }

  @Test
  void a_cell_without_a_geometric_mean_has_a_dash_for_a_number() {
    assertThat(words("kind: heatmap, x: d, y: T, of: plateau.steps, color: log"))
        .contains("–", NO_MEAN.formatted("number"))
        .doesNotContain("NaN");
    assertThat(words("kind: heatmap, x: d, y: seed, of: plateau.steps, color: log"))
        .contains("Grey with a number: not positive, so without a place on the scale.");
    assertThat(words("kind: heatmap, x: d, y: seed, of: plateau.steps"))
        .doesNotContain("Grey with a number");
  }

  @Test
  void a_dot_without_a_geometric_standard_deviation_is_named() {
    String none =
        "1 condition has no bar: with a seed at 0 or below there is no geometric standard deviation.";
    assertThat(words("kind: scaling, x: d, y: plateau.steps, middle: mean")).contains(none);
    assertThat(
            words(
                "kind: categories, x: d, y: plateau.steps, show: bar, scale: log, middle: median"))
        .contains(none);
    assertThat(words("kind: scaling, x: d, y: plateau.steps, middle: mean, error: range"))
        .doesNotContain("no bar");
  }
}
