package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Plan;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Panel;
import dev.emergence.result.Picture;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlotsTest {
  private static final String PLANE =
"""
sweeps:
  plane: {grid: {task.dim: [16, 32, 64], task.sequence_length: [64, 128]}}
fits:
  law: {data: plane, formula: "T_plateau = C * d^alpha * T^beta", published: {C: 1, alpha: 0.5, beta: 1}}
plots:
  shape: {kind: scaling, data: plane, x: d, y: plateau.steps, color: T, line: LINE}
""";

  @Test
  void a_scaling_plot_has_a_point_a_condition_and_a_line_a_colour() {
    String svg = draw(Edited.text(PLANE, "LINE", "mean"), (c, s) -> time(c));
    // One series has discs, the other squares; each has one more in the legend.
    assertThat(Svg.all(svg, "circle")).hasSize(3 + 1);
    assertThat(Svg.all(svg, "polygon")).hasSize(3 + 1);
    assertThat(Svg.texts(svg))
        .contains(
            "dimension d", "plateau length (steps)", "sequence length T", "64", "128", "16", "32");
    // Three means a colour make a line of three corners each; the frame is the third.
    assertThat(
            Svg.all(svg, "polyline").stream()
                .filter(e -> e.getAttribute("points").split(" ").length == 3))
        .hasSize(3);
  }

  @Test
  void a_fitted_law_is_drawn_smooth_with_the_published_one_dotted_beside_it() {
    String svg = draw(Edited.text(PLANE, "LINE", "law"), (c, s) -> time(c));
    assertThat(Svg.curves(svg)).isEqualTo(4);
    assertThat(Svg.dashed(svg)).isEqualTo(2);
    assertThat(String.join(" ", Svg.texts(svg)))
        .contains("published law")
        .contains("Lines: law, C = 2.1")
        .contains("β = 0.98")
        .contains("R² = 0.99");
  }

  @Test
  void unreached_conditions_are_hollow_triangles_at_their_last_step_and_counted() {
    String svg =
        draw(
            Edited.text(PLANE, "LINE", "mean"),
            (c, s) -> Fabricated.d(c) == 64 && s > 0 ? 1e9 : time(c));
    assertThat(Svg.texts(svg)).contains("not reached by this step", "4 of 18 runs unreached.");
    assertThat(
            Svg.all(svg, "polygon").stream().filter(e -> e.getAttribute("fill").equals("#ffffff")))
        .hasSize(2 + 1);
    // Of the conditions with discs, the two of which every seed arrived have one.
    assertThat(Svg.all(svg, "circle")).hasSize(2 + 1);
  }

  @Test
  void a_plot_without_any_crossing_still_shows_where_the_runs_ended() {
    String svg = draw(Edited.text(PLANE, "LINE", "law"), (c, s) -> 1e9);
    assertThat(Svg.texts(svg)).contains("18 of 18 runs unreached.");
    assertThat(String.join(" ", Svg.texts(svg)))
        .contains("law could not be fitted: no point has a time");
    assertThat(Svg.all(svg, "polygon")).hasSize(6 + 1 + 1);
  }

  @Test
  void a_plot_of_runs_that_were_never_done_says_so() {
    Plan plan = Fabricated.plan(Edited.text(PLANE, "LINE", "law"));
    String svg = figure(Analysis.of(plan, Map.of())).svg();
    assertThat(Svg.texts(svg)).contains("18 of 18 runs missing.");
    assertThat(Svg.all(svg, "polygon")).hasSize(1);
    assertThat(String.join(" ", Svg.texts(svg)))
        .contains("law could not be fitted: no point has a time");
  }

  @Test
  void learning_curves_have_a_line_a_run_and_a_sign_where_the_threshold_was_crossed() {
    String plot =
"""
sweeps: {vary_d: {grid: {task.dim: [16, 32]}}}
plots: {shape: {kind: learning_curves, data: vary_d, y: test.loss, color: d, mark: [plateau], where: {seed: 1}}}
""";
    String svg = draw(plot, (c, s) -> time(c));
    assertThat(Svg.curves(svg)).isEqualTo(2);
    assertThat(Svg.all(svg, "polygon")).hasSize(2 + 1);
    assertThat(Svg.texts(svg)).contains("steps", "test loss", "plateau");
    String three = draw(plot.replace(", where: {seed: 1}", ""), (c, s) -> time(c));
    assertThat(Svg.curves(three)).isEqualTo(6);
  }

  @Test
  void each_marked_threshold_has_a_sign_and_a_named_level_of_its_own() {
    String plot =
"""
sweeps: {vary_d: {grid: {task.dim: [16, 32]}, set: {measurement.thresholds.early_on: {metric: test.loss, below: 0.4}}}}
plots: {shape: {kind: learning_curves, data: vary_d, y: test.loss, color: d, mark: [plateau, early_on]}}
""";
    Panel panel = panel(plot);
    List<Marker> signs = signs(panel).map(points -> points.mark().marker()).toList();
    List<Marker> explained = explained(panel);
    assertThat(explained).hasSize(2).doesNotHaveDuplicates();
    assertThat(signs).hasSize(2 * 6);
    for (Marker sign : explained) {
      assertThat(signs).filteredOn(sign::equals).hasSize(6);
    }
    assertThat(levels(panel)).containsExactly("plateau", "early on");
    Panel mean = panel(plot.replace("mark:", "show: mean, mark:"));
    assertThat(signs(mean)).as("on a mean").isEmpty();
    assertThat(explained(mean)).as("what a mean has not").isEmpty();
    assertThat(levels(mean)).containsExactly("plateau", "early on");
  }

  /** Their numbers are none of the vertical axis. */
  @Test
  void a_multiple_of_the_first_value_and_another_metric_have_signs_and_no_level() {
    Panel panel =
        panel(
            """
            sweeps:
              vary_d:
                set:
                  measurement.thresholds.half: {metric: test.loss, below: 0.5, relative_to: initial}
                  measurement.thresholds.batch: {metric: train.loss, below: 0.3}
            plots: {shape: {kind: learning_curves, data: vary_d, y: test.loss, mark: [plateau, half, batch]}}
            """);
    assertThat(explained(panel)).hasSize(3).doesNotHaveDuplicates();
    assertThat(signs(panel)).as("no run has a loss of a batch").hasSize(2 * 3);
    assertThat(levels(panel)).containsExactly("plateau");
  }

  @Test
  void signs_of_aligned_curves_stand_where_the_curves_are_aligned() {
    String plot =
"""
sweeps: {vary_d: {grid: {task.dim: [16, 32]}}}
plots: {shape: {kind: learning_curves, data: vary_d, y: test.loss, align: plateau, mark: [plateau]}}
""";
    assertThat(signs(panel(plot))).hasSize(6).allMatch(sign -> sign.x()[0] == 1);
  }

  @Test
  void a_seventh_threshold_has_the_sign_of_the_first() {
    StringBuilder set = new StringBuilder();
    StringBuilder names = new StringBuilder("plateau");
    for (int k = 1; k < 7; k++) {
      set.append(
          ", measurement.thresholds.t" + k + ": {metric: test.loss, below: 0." + (k + 1) + "}");
      names.append(", t" + k);
    }
    List<Marker> explained =
        explained(
            panel(
                "sweeps: {main: {set: {"
                    + set.substring(2)
                    + "}}}\nplots: {shape: {kind: learning_curves, data: main, y: test.loss, mark: ["
                    + names
                    + "]}}\n"));
    assertThat(explained).hasSize(7);
    assertThat(explained.subList(0, 6)).doesNotHaveDuplicates();
    assertThat(explained.get(6)).isEqualTo(explained.get(0));
  }

  private static Panel panel(String plot) {
    return Shape.draw(plot, (c, s) -> time(c)).figure().panels().get(0);
  }

  private static Stream<Layer.Points> signs(Panel panel) {
    return panel.layers().stream()
        .filter(Layer.Points.class::isInstance)
        .map(Layer.Points.class::cast);
  }

  private static List<Marker> explained(Panel panel) {
    return panel.legend().entries().stream()
        .flatMap(entry -> entry.mark().stream())
        .map(Mark::marker)
        .toList();
  }

  private static List<String> levels(Panel panel) {
    return panel.layers().stream()
        .filter(Layer.Rule.class::isInstance)
        .map(layer -> ((Layer.Rule) layer).label().typeset())
        .toList();
  }

  @Test
  void a_panel_of_more_than_twelve_curves_draws_them_thinner() {
    for (int conditions : new int[] {4, 5}) {
      List<Integer> sizes = List.of(16, 24, 32, 48, 64).subList(0, conditions);
      String plot =
          "sweeps: {vary_d: {grid: {task.dim: "
              + sizes
              + "}}}\nplots: {shape: {kind: learning_curves, data: vary_d, y: test.loss}}\n";
      Plan plan = Fabricated.plan(plot);
      Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c)));
      List<Layer.Line> curves =
          figure(analysis).panels().get(0).layers().stream()
              .filter(Layer.Line.class::isInstance)
              .map(Layer.Line.class::cast)
              .toList();
      assertThat(curves)
          .hasSize(3 * conditions)
          .allMatch(c -> c.width() == (conditions == 4 ? 1.4 : 1.0))
          .allMatch(c -> (c.color().getAlpha() == 255) == (conditions == 4));
    }
  }

  @Test
  void a_logarithmic_time_axis_leaves_out_step_0_without_a_note() {
    String svg =
        draw(
            """
            plots: {shape: {kind: learning_curves, data: main, y: test.loss, scale: {x: log}}}
            """,
            (c, s) -> 500);
    assertThat(String.join(" ", Svg.texts(svg))).doesNotContain("no place on these axes");
    assertThat(Svg.curves(svg)).isEqualTo(3);
  }

  @Test
  void attention_of_all_heads_is_drawn_by_layer() {
    Plan plan =
        Fabricated.plan(
"""
architecture: {kind: transformer, layers: 2, heads: 2}
plots: {shape: {kind: learning_curves, data: main, y: attention.relevant, where: {seed: 0}}}
""");
    Map<String, StoredRun> runs = new HashMap<>();
    Fabricated.runs(plan, (c, s) -> 200).forEach((id, run) -> runs.put(id, withHeads(run)));
    String svg = figure(Analysis.of(plan, runs)).svg();
    assertThat(Svg.curves(svg)).isEqualTo(4);
    assertThat(Svg.texts(svg))
        .contains("attention on relevant tokens", "layer (a line a head)", "1", "2");
  }

  @Test
  void a_metric_without_a_number_is_named() {
    Plan plan =
        Fabricated.plan(
            "plots: {shape: {kind: learning_curves, data: main, y: attention.entropy}}\n");
    String svg = figure(Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100))).svg();
    assertThat(String.join(" ", Svg.texts(svg)))
        .contains("attention.entropy has no number in 3 of 3 runs.");
  }

  @Test
  void every_figure_of_a_number_that_runs_do_not_have_says_so() {
    for (String plot :
        List.of(
            "kind: categories, x: d, y: attention.entropy",
            "kind: heatmap, x: d, y: seed, of: attention.entropy",
            "kind: scaling, x: d, y: attention.entropy",
            "kind: trajectories, y: [attention.entropy]")) {
      assertThat(without(plot))
          .as(plot)
          .contains("attention.entropy has no number in 6 of 6 runs.")
          .doesNotContain("test.loss has no number");
    }
    for (String plot :
        List.of(
            "kind: categories, x: d, y: seen.steps",
            "kind: scaling, x: d, y: seen.steps",
            "kind: hazard, threshold: seen",
            "kind: learning_curves, y: test.loss, mark: [seen]")) {
      assertThat(without(plot)).as(plot).contains("6 of 6 runs unmeasured.");
    }
  }

  private static String without(String plot) {
    Plan plan =
        Fabricated.planOf(
            Fabricated.BASE.replace(
                    "  thresholds:\n",
                    "  thresholds:\n    seen: {metric: attention.relevant, above: 0.5}\n")
                + "sweeps: {size: {grid: {task.dim: [8, 16]}}}\nplots: {shape: {data: size, "
                + plot
                + "}}\n");
    String svg = figure(Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100))).svg();
    return String.join(" ", Svg.texts(svg));
  }

  @Test
  void attention_pictures_stand_layers_by_heads() {
    Plan plan =
        Fabricated.plan("plots: {shape: {kind: attention, data: main, where: {seed: 2}}}\n");
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    List<String> asked = new ArrayList<>();
    Figure figure =
        Report.figures(
                analysis,
                run -> {
                  asked.add(run);
                  return pictures();
                })
            .get("shape");
    String svg = figure.svg();
    assertThat(asked).containsExactly(plan.assignments().get(2).run());
    assertThat(Svg.all(svg, "image")).hasSize(2 * 3 + 1);
    assertThat(Svg.texts(svg))
        .contains(
            "head 1",
            "head 2",
            "head 3",
            "layer 1, query",
            "layer 2, query",
            "key",
            "seed 2, step 120");
  }

  /** In two columns the second row would stand below names of heads that are not its own. */
  @Test
  void patterns_among_panels_each_say_their_layer_and_head() {
    Plan plan =
        Fabricated.plan(
            """
            plots:
              curves: {kind: learning_curves, data: main, y: test.loss}
              patterns: {kind: attention, data: main, where: {seed: 2}}
              shape: {kind: panels, of: [patterns, curves]}
            """);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    Figure figure = Report.figures(analysis, run -> pictures()).get("shape");
    assertThat(figure.panels().stream().limit(6).map(p -> p.title().letters()))
        .containsExactly(
            "layer 1, head 1",
            "layer 1, head 2",
            "layer 1, head 3",
            "layer 2, head 1",
            "layer 2, head 2",
            "layer 2, head 3");
    assertThat(Svg.texts(figure.svg()).stream().filter("key"::equals)).hasSize(6);
    assertThat(figure.caption())
        .anyMatch(s -> s.startsWith("(a) ") && s.contains("Seed 2, step 120."));
  }

  @Test
  void true_keys_are_framed_in_every_pattern_wherever_they_lie() {
    Plan plan =
        Fabricated.plan("plots: {shape: {kind: attention, data: main, at: '40', layers: '1'}}\n");
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    List<Picture> stored = new ArrayList<>(pictures());
    stored.add(Picture.truth(new double[][] {{1, 0}, {0, 0}}));
    Drawing drawing = Report.drawings(analysis, run -> stored).get("shape");
    String svg = drawing.figure().svg();
    assertThat(Svg.texts(svg))
        .anyMatch(t -> t.startsWith("Frames: keys that their queries should attend to"));
    assertThat(svg.split("stroke=\"#d55e00\"", -1)).hasSize(1 + 3 * 2);
    assertThat(drawing.csv())
        .contains("layer,head,query,key,attention,true_key")
        .contains("40,1,2,1,0,0.25,1\n", "40,1,2,1,1,0.75,0\n", "40,1,2,0,0,1,1\n");
    String old = Report.figures(analysis, run -> pictures()).get("shape").svg();
    assertThat(Svg.texts(old)).noneMatch(t -> t.startsWith("Frames"));
  }

  @Test
  void a_pattern_of_one_row_frames_the_true_keys_of_the_last_query() {
    Plan plan =
        Fabricated.plan(
            "plots: {shape: {kind: attention, data: main, at: '40', layers: '1', heads: '1'}}\n");
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    List<Picture> stored =
        List.of(
            new Picture("40", 40, 1, 1, new double[][] {{0.125, 0.625, 0.25}}),
            Picture.truth(new double[][] {{2, 1}, {1, 0}, {0, 2}}));
    Drawing drawing = Report.drawings(analysis, run -> stored).get("shape");
    assertThat(drawing.csv())
        .contains("40,1,1,0,0,0.125,0\n", "40,1,1,0,1,0.625,1\n", "40,1,1,0,2,0.25,0\n");
    assertThat(drawing.figure().svg().split("stroke=\"#d55e00\"", -1)).hasSize(1 + 1);
  }

  @Test
  void what_a_causal_mask_hides_is_grey_and_no_attention_of_zero() throws Exception {
    Plan plan =
        Fabricated.plan(
            "plots: {shape: {kind: attention, data: main, at: '40', layers: '1', heads: '1'}}\n");
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    List<Picture> stored = List.of(new Picture("40", 40, 1, 1, new double[][] {{1, 0}, {1, 0}}));
    String svg = Report.figures(analysis, run -> stored).get("shape").svg();
    assertThat(Svg.texts(svg)).contains("Light grey: keys after the query, which it cannot see.");
    String href = Svg.all(svg, "image").get(0).getAttribute("xlink:href");
    byte[] png = java.util.Base64.getDecoder().decode(href.substring(href.indexOf(',') + 1));
    var cells = javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(png));
    assertThat(cells.getRGB(1, 0) & 0xFFFFFF).as("after the query").isEqualTo(0xDDDDDD);
    assertThat(cells.getRGB(1, 1) & 0xFFFFFF)
        .as("an attention of 0")
        .isNotEqualTo(0xDDDDDD)
        .isNotEqualTo(cells.getRGB(0, 1) & 0xFFFFFF);
  }

  @Test
  void attention_pictures_that_are_not_stored_are_named_with_those_that_are() {
    Plan plan =
        Fabricated.plan(
            "plots: {shape: {kind: attention, data: main, at: '40', layers: '2', heads: '1,"
                + " 3'}}\n");
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    String missing = Report.figures(analysis, run -> List.of()).get("shape").svg();
    assertThat(String.join(" ", Svg.texts(missing)))
        .contains("stored: none; measurement.attention.pictures_at asks for them.");
    String chosen = Report.figures(analysis, run -> pictures()).get("shape").svg();
    assertThat(Svg.texts(chosen))
        .contains("head 1", "head 3", "layer 2, query", "key")
        .doesNotContain("head 2", "layer 1, query");
    assertThat(Svg.texts(chosen)).anyMatch(t -> t.endsWith("step 40"));
  }

  static List<Picture> pictures() {
    List<Picture> out = new ArrayList<>();
    for (long step : new long[] {40, 120}) {
      for (int layer = 1; layer <= 2; layer++) {
        for (int head = 1; head <= 3; head++) {
          out.add(
              new Picture(
                  step == 120 ? "last" : "40",
                  step,
                  layer,
                  head,
                  new double[][] {{1, 0}, {0.25, 0.75}}));
        }
      }
    }
    return out;
  }

  private static StoredRun withHeads(StoredRun run) {
    var curve = run.curve();
    List<String> columns =
        List.of(
            "test.loss",
            "attention.1.1.relevant",
            "attention.1.2.relevant",
            "attention.2.1.relevant",
            "attention.2.2.relevant");
    double[][] values = new double[curve.size()][];
    for (int row = 0; row < values.length; row++) {
      values[row] =
          new double[] {curve.values()[row][0], 0.1, 0.1 + 0.01 * row, 0.2, 0.9 - 0.01 * row};
    }
    return new StoredRun(
        run.run(), run.outcome(), new dev.emergence.result.Curve(columns, curve.steps(), values));
  }

  private static double time(RunConfig config) {
    return 2 * Math.sqrt(Fabricated.d(config)) * Fabricated.length(config);
  }

  private static String draw(String yaml, ToDoubleBiFunction<RunConfig, Integer> crossing) {
    Plan plan = Fabricated.plan(yaml);
    return figure(Analysis.of(plan, Fabricated.runs(plan, crossing))).svg();
  }

  private static Figure figure(Analysis analysis) {
    return Report.figures(analysis, run -> List.of()).get("shape");
  }
}
