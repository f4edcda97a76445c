package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Fabricated;
import dev.emergence.report.chart.ColorScale;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Panel;
import dev.emergence.spec.RunConfig;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures that tell seeds or panels apart show the numbers of each, not those of one for all. */
class SeedsApartTest {
  private static final String SWEEP =
      "sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128]}}}\n";

  private static double time(RunConfig config, int seed) {
    return 10 * Fabricated.d(config) + 4 * Fabricated.length(config) + 70 * seed;
  }

  private static List<String> lines(String plot) {
    return Shape.draw(SWEEP + "plots: {shape: " + plot + "}\n", SeedsApartTest::time)
        .csv()
        .lines()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: heatmap, data: s, where: {T: 64}, x: d, y: seed, of: plateau.steps}",
        "{kind: heatmap, data: s, where: {T: 64}, x: seed, y: d, of: plateau.steps}",
        "{kind: heatmap, data: s, where: {T: 64}, x: d, y: T, of: plateau.steps, columns: seed}",
        "{kind: scaling, data: s, where: {T: 64}, x: d, y: plateau.steps, color: seed}",
        "{kind: scaling, data: s, where: {T: 64}, x: d, y: plateau.steps, rows: seed}"
      })
  void a_seed_that_has_an_axis_a_colour_or_a_panel_has_its_own_number(String plot) {
    List<String> lines = lines(plot);
    List<String> header = List.of(lines.get(0).split(","));
    List<String> found =
        lines.stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .map(row -> row[header.indexOf("seed")] + " " + row[header.indexOf("middle")])
            .sorted()
            .toList();
    // Seeds 0, 1 and 2 at d = 16 and d = 32, up to the next evaluation.
    assertThat(found).containsExactly("0 420", "0 580", "1 490", "1 650", "2 560", "2 720");
  }

  @Test
  void every_sign_of_a_scaling_plot_by_seed_is_in_the_legend_with_its_own_colour() {
    String plot = "{kind: scaling, data: s, where: {T: 64}, x: d, y: plateau.steps, color: seed}";
    Panel panel =
        Shape.draw(SWEEP + "plots: {shape: " + plot + "}\n", SeedsApartTest::time)
            .figure()
            .panels()
            .get(0);
    List<Layer.Points> signs =
        panel.layers().stream()
            .filter(Layer.Points.class::isInstance)
            .map(Layer.Points.class::cast)
            .toList();
    assertThat(signs).extracting(points -> points.mark().color()).doesNotHaveDuplicates();
    assertThat(signs).extracting(points -> points.y()[0]).containsExactly(420.0, 490.0, 560.0);
    assertThat(panel.notes()).contains("Dots: single runs.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"color: seed", "columns: seed"})
  void a_mean_of_curves_is_not_drawn_where_seeds_are_told_apart(String setting) {
    String plot =
        "{kind: learning_curves, data: s, where: {T: 64, d: 16}, y: test.loss, show: mean, "
            + setting
            + "}";
    List<String> lines = lines(plot);
    List<String> header = List.of(lines.get(0).split(","));
    assertThat(header).contains("seed", "value").doesNotContain("middle");
    int seed = header.indexOf("seed");
    assertThat(lines.stream().skip(1).map(line -> line.split(",")[seed]).distinct())
        .containsExactly("0", "1", "2");
    assertThat(lines).anyMatch(line -> line.endsWith(",480,0.01") && line.contains(",0,"));
    assertThat(lines).anyMatch(line -> line.endsWith(",480,0.5") && line.contains(",1,"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "log"})
  void the_colours_of_a_heat_map_in_panels_cover_the_numbers_of_all_panels(String scale) {
    String sweep =
        "sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128], lr: [1.0e-3,"
            + " 4.0e-3]}}}\n";
    String plot =
        "plots: {shape: {kind: heatmap, data: s, x: d, y: T, of: plateau.steps, columns: lr, color:"
            + " "
            + scale
            + "}}\n";
    List<Layer.HeatMap> maps =
        Shape.draw(
                sweep + plot,
                (config, seed) ->
                    time(config, 0)
                        * 4.0e-3
                        / Fabricated.number(config, "training.optimizer.learning_rate"))
            .figure()
            .panels()
            .stream()
            .map(panel -> (Layer.HeatMap) panel.layers().get(0))
            .toList();
    assertThat(maps).hasSize(2);
    ColorScale colors = maps.get(0).colors();
    assertThat(maps.get(1).colors()).isEqualTo(colors);
    double[] all =
        maps.stream()
            .flatMap(map -> Arrays.stream(map.z()))
            .flatMapToDouble(Arrays::stream)
            .sorted()
            .toArray();
    assertThat(all).hasSize(8);
    assertThat(colors.from()).isEqualTo(all[0]);
    assertThat(colors.to()).isEqualTo(all[7]);
  }
}
