package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.report.chart.ColorScale;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Scale;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.theory.ToyRun;
import dev.emergence.theory.Trajectory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plots of toy runs that are integrated here, and of closed forms. */
class TheoryPlotsTest {
  private static final String TOY =
      AwkwardToys.BASE
          +
"""
sweeps:
  main: {grid: {task.sequence_length: [32, 64, 128]}}
  plane: {grid: {task.dim: [8, 32], task.sequence_length: [32, 64, 128]}}
plots:
  settings: {kind: scaling, data: plane, x: T, y: plateau.time, theory: gaussian}
  law: {kind: scaling, data: main, x: T, y: plateau.time, theory: gaussian}
  loss: {kind: learning_curves, data: main, y: test.loss, color: T, theory: gaussian_plateau}
  path: {kind: trajectories, data: main, where: {T: 64}, y: [w, alpha], reference: optimum}
  phase: {kind: trajectories, data: main, x: delta_a, y: [w], color: T}
  land: {kind: landscape, data: main, where: {T: 32}, resolution: 40, contours: 5, limits: {x: [-2, 10], y: [-1, 6]}}
  even: {kind: landscape, data: main, where: {T: 32}, resolution: 40, contours: 3, color: linear, limits: {x: [0, 3], y: [0, 2]}}
  lands: {kind: landscape, data: main, resolution: 40, limits: {x: [-2, 10], y: [-1, 6]}}
  valley: {kind: theory, data: main, relation: w_inf, color: T, scale: {x: log}}
""";

  private static final Map<String, Figure> FIGURES = figures();

  private static Map<String, Figure> figures() {
    Reading reading = SpecReader.read("toy.yaml", TOY, ReadOptions.none());
    Plan plan =
        Planner.plan(reading.spec().orElseThrow(() -> new AssertionError(reading.toText())));
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun p : plan.runs()) {
      Trajectory t = ToyRun.integrate(p.run().config());
      Outcome outcome = new Outcome(Outcome.State.COMPLETE, t.end(), "", 1, 0.1);
      runs.put(
          p.id(), new StoredRun(p.run(), outcome, new Curve(t.columns(), t.times(), t.values())));
    }
    return Report.figures(Analysis.of(plan, runs), run -> java.util.List.of());
  }

  @Test
  void a_prediction_is_dashed_and_near_the_measured_times_of_a_flow() {
    String svg = FIGURES.get("law").svg();
    assertThat(Svg.texts(svg))
        .contains("sequence length T", "plateau length (time)", "theory: gaussian");
    var dashed =
        Svg.all(svg, "polyline").stream().filter(e -> e.hasAttribute("stroke-dasharray")).toList();
    assertThat(dashed).hasSize(1 + 1);
    // The middle of three points: the Gaussian time lies a little below the measured one.
    double predicted = Double.parseDouble(dashed.get(0).getAttribute("points").split("[ ,]")[3]);
    double measured = Double.parseDouble(Svg.all(svg, "circle").get(1).getAttribute("cy"));
    assertThat(predicted - measured).isBetween(0.0, 30.0);
  }

  @Test
  void learning_curves_and_their_theory_are_drawn_for_each_condition() {
    String svg = FIGURES.get("loss").svg();
    assertThat(Svg.curves(svg)).isEqualTo(6);
    assertThat(Svg.dashed(svg)).isEqualTo(3);
    assertThat(Svg.texts(svg)).contains("time", "test loss", "theory: gaussian plateau");
  }

  @Test
  void trajectories_have_their_optima_dashed_at_their_values() {
    String svg = FIGURES.get("path").svg();
    assertThat(Svg.texts(svg)).contains("w", "α", "optimum", "w, α");
    assertThat(Svg.curves(svg)).isEqualTo(2);
    var optima =
        Svg.all(svg, "polyline").stream().filter(e -> e.hasAttribute("stroke-dasharray")).toList();
    double optimum = Double.parseDouble(optima.get(0).getAttribute("points").split("[ ,]")[1]);
    // w* = sqrt(16): the line stands where the tick of 4 does, whose base line is a little lower.
    double tick =
        Svg.all(svg, "text").stream()
            .filter(t -> t.getTextContent().equals("4"))
            .mapToDouble(t -> Double.parseDouble(t.getAttribute("y")))
            .findFirst()
            .orElseThrow();
    assertThat(tick - optimum).isBetween(3.0, 4.5);
  }

  @Test
  void a_phase_portrait_has_a_recorded_quantity_on_its_x_axis() {
    String svg = FIGURES.get("phase").svg();
    assertThat(Svg.texts(svg)).contains("Δa", "w", "32", "64", "128");
    assertThat(Svg.curves(svg)).isEqualTo(3);
  }

  @Test
  void a_landscape_has_contours_a_colour_bar_and_the_path() {
    String svg = FIGURES.get("land").svg();
    assertThat(Svg.all(svg, "image")).hasSize(2);
    assertThat(Svg.texts(svg)).contains("Δa", "w", "loss");
    assertThat(Svg.curves(svg)).isGreaterThan(5);
  }

  @Test
  void contours_stand_at_equal_steps_of_the_colours() {
    for (String plot : List.of("land", "even")) {
      double[] levels = {};
      ColorScale colors = null;
      for (Layer layer : FIGURES.get(plot).panels().get(0).layers()) {
        levels = layer instanceof Layer.Contours c ? c.levels() : levels;
        colors = layer instanceof Layer.HeatMap h ? h.colors() : colors;
      }
      boolean log = plot.equals("land");
      assertThat(colors.scale()).isEqualTo(log ? Scale.LOG : Scale.LINEAR);
      assertThat(levels).hasSize(log ? 5 : 3);
      double from = log ? Math.log(colors.from()) : colors.from();
      double to = log ? Math.log(colors.to()) : colors.to();
      for (int i = 0; i < levels.length; i++) {
        double at = log ? Math.log(levels[i]) : levels[i];
        double share = (i + 1) / (levels.length + 1.0);
        assertThat((at - from) / (to - from)).isCloseTo(share, within(1e-9));
      }
    }
  }

  @Test
  void a_landscape_of_several_settings_says_what_it_needs() {
    assertThat(String.join(" ", Svg.texts(FIGURES.get("lands").svg())))
        .contains("one setting of d, T, B and p; where leaves 3");
  }

  @Test
  void a_relation_of_the_theory_needs_no_runs() {
    String svg = FIGURES.get("valley").svg();
    assertThat(Svg.curves(svg)).isEqualTo(3);
    assertThat(Svg.texts(svg)).contains("α", "w∞");
  }

  @Test
  void a_prediction_is_a_line_for_each_setting_of_what_else_varies() {
    long lines =
        Svg.all(FIGURES.get("settings").svg(), "polyline").stream()
            .filter(e -> e.hasAttribute("stroke-dasharray"))
            .filter(e -> e.getAttribute("points").split(" ").length == 3)
            .count();
    assertThat(lines).isEqualTo(2);
  }

  /** Else the dashed line would be that of another optimiser, or of another crossing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adam | scaling, x: d, y: plateau.steps, theory: gaussian | a step of adam is no time",
        "adam | learning_curves, y: test.loss, theory: linearization | a step of adam is no time",
        "sgd | scaling, x: d, y: test.loss, theory: plateau | test.loss is another number",
        "sgd | scaling, x: d, y: sure.steps, theory: plateau | sure.steps is another number",
        "sgd | scaling, x: d, y: again.steps, theory: plateau | again.steps is another number",
        "sgd | scaling, x: d, y: plateau.steps, theory: plateau | theory: plateau"
      })
  void a_theory_that_is_about_something_else_is_not_drawn(
      String optimizer, String plot, String words) {
    String svg =
        Shape.svg(
            "sweeps: {s: {grid: {task.dim: [16, 32]}, variants: {v: {training: {optimizer: {kind: "
                + optimizer
                + ", learning_rate: 1.0e-3}}, measurement: {thresholds: {sure:"
                + " {metric: attention.relevant, above: 0.9}, again: {metric: test.loss,"
                + " below: 0.1, from: 0.3}}}}}}}\n"
                + "plots: {shape: {data: s, kind: "
                + plot
                + "}}\n",
            (config, seed) -> 10 * Fabricated.d(config));
    assertThat(Shape.words(svg)).contains(words);
    assertThat(svg.split("stroke-dasharray", -1))
        .as("a line and its sample in the legend, or none")
        .hasSize(words.startsWith("theory") ? 3 : 1);
  }
}
