package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures of data that nobody hopes for. */
class AwkwardFiguresTest {
  @Test
  void six_hundred_conditions_and_odd_names_are_drawn() {
    String plot =
        """
        seeds: {first: 0, count: 1}
        sweeps:
          s: {grid: {task.dim: {from: 2, to: 31, num: 30}, task.sequence_length: {from: 4, to: 80, num: 20}}}
        plots:
          shape:
            kind: learning_curves
            data: s
            y: test.loss
            title: "Größe, زمن, זמן"
            names: {"2": "אחת", "3": "Ångström"}
            color: d
        """;
    Drawing drawing = Shape.draw(plot, (c, s) -> 100);
    String svg = drawing.figure().svg();
    assertThat(Shape.words(svg)).contains("Größe, زمن, זמן").contains("אחת").contains("Ångström");
    assertThat(Svg.curves(svg)).isEqualTo(600);
    assertThat(drawing.figure().pdf()).isNotEmpty();
  }

  @Test
  void one_point_and_nothing_but_unreached_runs_are_drawn() {
    for (String kind :
        List.of(
            "kind: scaling, x: d, y: plateau.steps",
            "kind: categories, x: d, y: plateau.steps, show: box",
            "kind: categories, x: d, y: plateau.steps, show: bar, scale: log",
            "kind: hazard",
            "kind: emergence_scatter, x: d",
            "kind: heatmap, x: d, y: T, of: plateau.steps",
            "kind: learning_curves, y: test.loss, show: median",
            "kind: learning_curves, y: test.loss, show: mean, band: std, align: plateau")) {
      for (double when : new double[] {0, 250, 1e9}) {
        String plot = "plots: {shape: {" + kind + ", data: main}}\n";
        String svg = Shape.svg(plot, (c, s) -> when);
        assertThat(Svg.texts(svg)).as(kind + " at " + when).isNotEmpty();
        assertThat(svg).doesNotContain("NaN");
      }
    }
  }
}
