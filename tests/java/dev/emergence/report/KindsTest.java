package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.Edited;
import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Plan;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Level;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** Each kind of figure by its geometry and its words. */
class KindsTest {
  private static final String VARIANTS =
"""
seeds: {first: 0, count: 5}
sweeps:
  two:
    variants:
      adam: {training: {optimizer: {kind: adam, learning_rate: 1.0e-4}}}
      sgd: {training: {optimizer: {kind: sgd, learning_rate: 1.0e-2}}}
    grid: {task.dim: [16, 32]}
claims:
  faster: {data: two, of: plateau.steps, baseline: {variant: sgd}, ratio: best, at_least: 1.5}
""";

  private static double time(RunConfig config, int seed) {
    boolean sgd = config.training().optimizer().toString().startsWith("Sgd");
    return (sgd ? 900 : 300) + 10 * Fabricated.d(config) + 40 * seed;
  }

  @Test
  void words_stand_on_x_with_every_seed_and_colours_side_by_side() {
    String plot =
        VARIANTS
            + "plots: {shape: {kind: categories, data: two, x: variant, y: plateau.steps, color: d,"
            + " names: {adam: Adam, sgd: SGD}, order: [sgd]}}";
    String svg = Shape.svg(plot, KindsTest::time);
    assertThat(Shape.words(svg)).contains("SGD Adam").contains("A dot for each run; 5 seeds");
    // Discs are the seeds of d = 16; two words of five, and one in the legend.
    List<Element> discs = Svg.all(svg, "circle");
    assertThat(discs).hasSize(2 * 5 + 1);
    double[] x =
        discs.stream().mapToDouble(e -> Double.parseDouble(e.getAttribute("cx"))).toArray();
    assertThat(Arrays.stream(x).distinct().count()).isEqualTo(11);
    // Adam is faster, and on the right.
    double left = Double.parseDouble(discs.get(0).getAttribute("cy"));
    double right = Double.parseDouble(discs.get(5).getAttribute("cy"));
    assertThat(right).isGreaterThan(left);
  }

  @Test
  void numbers_of_one_axis_or_legend_have_one_spelling() {
    String sweep =
        "sweeps: {s: {grid: {training.optimizer.learning_rate: [3.0e-4, 3.0e-3], task.dim: [16,"
            + " 32]}}}\n";
    String axis = "plots: {shape: {kind: categories, data: s, x: lr, y: plateau.steps, color: d}}";
    String legend = "plots: {shape: {kind: scaling, data: s, x: d, y: plateau.steps, color: lr}}";
    String conditions =
        "plots: {shape: {kind: learning_curves, data: s, y: test.loss, where: {d: 16}}}";
    for (String plot : List.of(axis, legend, conditions)) {
      String words = Shape.words(Shape.svg(sweep + plot, KindsTest::time));
      assertThat(words.split("3·10", -1)).as(plot).hasSize(3);
      assertThat(words).doesNotContain("0.003");
    }
  }

  @Test
  void boxes_have_quartiles_and_columns_have_their_middle() {
    String plot =
        VARIANTS
            + "plots: {shape: {kind: categories, data: two, x: variant, y: plateau.steps, color: d,"
            + " show: SHOW}}";
    String box = Shape.svg(plot.replace("SHOW", "box"), KindsTest::time);
    assertThat(Shape.words(box)).contains("first to third quartile");
    String bar = Shape.svg(plot.replace("SHOW", "bar"), KindsTest::time);
    assertThat(Shape.words(bar))
        .contains("Columns: means of 5 seeds; bars: one standard deviation.");
    // Four columns from the axis up, each as high as its mean: 540, 700, 1140, 1300.
    List<double[]> columns =
        Svg.all(bar, "polygon").stream()
            .filter(e -> e.getAttribute("fill-opacity").equals("0.45"))
            .map(e -> numbers(e.getAttribute("points")))
            .toList();
    assertThat(columns).hasSize(4);
    double first = columns.get(0)[1] - columns.get(0)[5];
    double last = columns.get(3)[1] - columns.get(3)[5];
    assertThat(last / first).isCloseTo(1300.0 / 540, within(0.02));
  }

  @Test
  void seeds_that_did_not_arrive_hang_hollow_and_their_condition_has_its_count() {
    String plot =
        VARIANTS
            + "plots: {shape: {kind: categories, data: two, x: variant, y: plateau.steps,"
            + " where: {d: 16}}}";
    ToDoubleBiFunction<RunConfig, Integer> times =
        (c, seed) -> seed > 2 && time(c, 0) > 1000 ? 1e9 : time(c, seed);
    String svg = Shape.svg(plot, times);
    assertThat(Shape.words(svg))
        .contains("3/5")
        .contains("Hollow, with k/n")
        .contains("2 of 10 runs");
    assertThat(Shape.draw(plot, times).figure().panels().get(0).layers())
        .filteredOn(Layer.Points.class::isInstance)
        .extracting(layer -> ((Layer.Points) layer).mark())
        .filteredOn(mark -> mark.marker() == Marker.DASH)
        .extracting(Mark::hollow)
        .containsExactlyInAnyOrder(false, true);
    String lost = Shape.svg(plot, (c, seed) -> seed > 1 && time(c, 0) > 1000 ? 1e9 : time(c, seed));
    assertThat(Shape.words(lost)).contains("2/5").contains("fewer than half");
  }

  @Test
  void shares_that_agree_are_said_once_and_others_touch_nowhere() {
    String plot =
        """
        sweeps: {many: {grid: {task.dim: [16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 400]}}}
        plots: {shape: {kind: scaling, data: many, x: d, y: plateau.steps}}
        """;
    String same = Shape.svg(plot, (c, seed) -> 1e9);
    assertThat(Shape.words(same))
        .doesNotContain("0/3")
        .contains("arrived by this step. Each triangle: 0 of 3 seeds arrived.");
    String mixed = Shape.svg(plot, (c, seed) -> seed == 0 && Fabricated.d(c) % 2 == 0 ? 4990 : 1e9);
    List<double[]> shares =
        Svg.all(mixed, "text").stream()
            .filter(t -> t.getTextContent().matches("[01]/3"))
            .map(t -> new double[] {number(t, "x"), number(t, "y")})
            .toList();
    assertThat(shares).hasSizeGreaterThan(4);
    for (double[] a : shares) {
      // Three characters of this size are wider than 10 pixels and not higher than 9.
      assertThat(shares)
          .filteredOn(b -> Math.abs(b[0] - a[0]) < 10 && Math.abs(b[1] - a[1]) < 9)
          .hasSize(1);
    }
  }

  private static double number(Element element, String name) {
    return Double.parseDouble(element.getAttribute(name));
  }

  @Test
  void a_caption_names_no_stroke_or_column_that_is_not_drawn() {
    String plot =
        VARIANTS
            + "plots: {shape: {kind: categories, data: two, x: variant, y: plateau.steps,"
            + " scale: log, show: SHOW}}";
    for (String show : List.of("strip", "box", "bar")) {
      String none = Shape.svg(plot.replace("SHOW", show), (c, seed) -> seed == 0 ? 300 : 1e9);
      assertThat(Shape.words(none))
          .as(show)
          .doesNotContain("Strokes:", "Columns:", "Boxes:", "the length of a column")
          .contains("Triangle: fewer than half of the seeds arrived by this step.");
      String one =
          Shape.svg(plot.replace("SHOW", show).replace("count: 5", "count: 1"), KindsTest::time);
      assertThat(Shape.words(one)).as(show).doesNotContain("Strokes:", "Boxes:");
      assertThat(Shape.words(one).contains("Columns:")).as(show).isEqualTo(show.equals("bar"));
      assertThat(Svg.all(one, "polygon"))
          .as(show)
          .filteredOn(e -> e.getAttribute("fill-opacity").equals("0.45"))
          .hasSize(show.equals("bar") ? 4 : 0);
    }
  }

  @Test
  void a_condition_that_lost_seeds_is_no_full_dot_in_a_scaling_plot() {
    String plot =
        """
        seeds: {first: 0, count: 5}
        sweeps: {s: {grid: {task.dim: [16, 32, 64]}}}
        plots: {shape: {kind: scaling, data: s, x: d, y: plateau.steps}}
        """;
    Drawing drawing =
        Shape.draw(
            plot,
            (c, seed) -> {
              int arrive = Fabricated.d(c) == 16 ? 5 : Fabricated.d(c) == 32 ? 3 : 2;
              return seed < arrive ? 100 * (seed + 1) : 1e9;
            });
    String svg = drawing.figure().svg();
    assertThat(Svg.texts(svg))
        .contains("3/5", "2/5", "some seeds only", "not reached by this step");
    assertThat(
            Svg.all(svg, "circle").stream().filter(e -> e.getAttribute("fill").equals("#ffffff")))
        .as("one hollow dot, and one in the legend")
        .hasSize(2);
    // The median by Kaplan and Meier of 100, 200, 300, >, > is 300; of 100, 200, >, >, > unknown.
    assertThat(drawing.csv().lines().toList().get(0))
        .isEqualTo("task.dim,x,middle,lower,upper,at_least,known,seeds");
    assertThat(drawing.csv().lines().toList().get(2)).startsWith("32,32,300,,,,3,5");
    assertThat(drawing.csv().lines().toList().get(3)).startsWith("64,64,,,,5000,2,5");
  }

  @Test
  void spreads_on_a_logarithmic_axis_are_geometric_and_stay_above_zero() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32]}}}
        plots: {shape: {kind: scaling, data: s, x: d, y: plateau.steps}}
        """;
    Drawing drawing = Shape.draw(plot, (c, seed) -> 10 * Math.pow(10, seed));
    String[] row = drawing.csv().lines().toList().get(1).split(",");
    // 10, 100, 1000: geometric mean 100, geometric standard deviation 10.
    assertThat(Double.parseDouble(row[2])).isCloseTo(100, within(1e-9));
    assertThat(Double.parseDouble(row[3])).isCloseTo(10, within(1e-9));
    assertThat(Double.parseDouble(row[4])).isCloseTo(1000, within(1e-9));
    assertThat(Shape.words(drawing.figure().svg()))
        .contains("geometric means of 3 seeds; bars: one geometric standard deviation")
        .contains("Evaluated every 100 steps".replace("100", "10"));
  }

  @Test
  void an_axis_that_hides_another_says_so() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128]}}}
        plots: {shape: {kind: scaling, data: s, x: d, y: plateau.steps}}
        """;
    assertThat(Shape.words(Shape.svg(plot, (c, s) -> 2 * Fabricated.d(c) * Fabricated.length(c))))
        .contains("At one d, T takes several values too; the line joins their mean.");
  }

  @Test
  void a_law_has_its_band() {
    String plot =
        """
        seeds: {first: 0, count: 5}
        sweeps: {s: {grid: {task.dim: [16, 32, 64]}}}
        fits: {law: {data: s, formula: "T_plateau = C * d^alpha"}}
        plots: {shape: {kind: scaling, data: s, x: d, y: plateau.steps, line: law}}
        """;
    String svg = Shape.svg(plot, (c, s) -> 20 * Fabricated.d(c) * (1 + 0.1 * ((s * 7) % 5)));
    assertThat(Shape.words(svg)).contains("Bands: 95 % intervals of the law");
    assertThat(
            Svg.all(svg, "polygon").stream()
                .filter(e -> e.getAttribute("fill-opacity").equals("0.2")))
        .hasSize(1);
  }

  @Test
  void survival_falls_in_steps_with_a_band_and_ticks_where_runs_ended() {
    String plot =
        """
        seeds: {first: 0, count: 4}
        sweeps: {s: {grid: {task.dim: [16]}}}
        plots: {shape: {kind: hazard, data: s}}
        """;
    Drawing drawing = Shape.draw(plot, (c, seed) -> seed == 3 ? 1e9 : 1000 * (seed + 1));
    assertThat(drawing.csv().lines().toList().subList(0, 2))
        .satisfies(l -> assertThat(l.get(0)).isEqualTo("series,time,waiting,lower,upper,runs"))
        .satisfies(l -> assertThat(l.get(1)).contains(",1000,0.75,").endsWith(",4"));
    String svg = drawing.figure().svg();
    assertThat(Shape.words(svg)).contains("share of runs before plateau").contains("Greenwood");
    assertThat(Svg.texts(svg)).contains("run ended before");
  }

  /** Labels are typeset and say nothing of the panel. A program must be able to tell the curves. */
  @Test
  void the_table_of_waits_has_the_settings_of_the_panel_and_the_colour() {
    String plot =
        """
        seeds: {first: 0, count: 2}
        sweeps: {s: {grid: {task.dim: [16, 32], training.optimizer.learning_rate: [1.0e-4, 3.0e-4]}}}
        plots: {shape: {kind: hazard, data: s, columns: d, color: lr}}
        """;
    String csv = Shape.draw(plot, (c, seed) -> 1000 * (seed + 1)).csv();
    assertThat(csv.lines())
        .contains("task.dim,training.optimizer.learning_rate,series,time,waiting,lower,upper,runs");
    assertThat(csv.lines().skip(1).map(line -> line.split(",10⁻|,3·10⁻")[0]).distinct())
        .containsExactly("16,1.0e-4", "16,3.0e-4", "32,1.0e-4", "32,3.0e-4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"count: 1}, std", "count: 1}, range", "count: 3}, none"})
  void a_curve_without_a_band_has_no_ends_of_one(String seedsAndBand) {
    String[] parts = seedsAndBand.split(", ");
    String plot =
        "seeds: {first: 0, "
            + parts[0]
            + "\nsweeps: {s: {grid: {task.dim: [16]}}}\n"
            + "plots: {shape: {kind: learning_curves, data: s, y: test.loss, show: mean, band: "
            + parts[1]
            + "}}\n";
    List<String> lines = Shape.draw(plot, (c, seed) -> 300 + seed).csv().lines().toList();
    assertThat(lines.get(0)).endsWith(",middle,lower,upper,seeds");
    assertThat(lines.subList(1, lines.size())).isNotEmpty().allMatch(l -> l.matches(".*,,,[13]"));
  }

  @Test
  void curves_that_cannot_be_aligned_are_left_out_with_the_reason() {
    String plot =
"""
seeds: {first: 0, count: 5}
sweeps: {s: {grid: {task.dim: [16]}}}
plots: {shape: {kind: learning_curves, data: s, y: test.loss, align: plateau}}
""";
    Drawing drawing = Shape.draw(plot, (c, seed) -> seed == 4 ? 1e9 : seed < 2 ? 0 : 300);
    assertThat(Shape.words(drawing.figure().svg()))
        .contains("2 of 5 runs left out: they had passed plateau before training.")
        .contains("1 of 5 runs left out: they did not cross plateau.");
  }

  @Test
  void curves_have_medians_with_quartiles_and_align_by_their_emergence() {
    String plot =
"""
seeds: {first: 0, count: 5}
sweeps: {s: {grid: {task.dim: [16]}}}
plots: {shape: {kind: learning_curves, data: s, y: test.loss, show: median, align: plateau}}
""";
    Drawing drawing = Shape.draw(plot, (c, seed) -> seed == 4 ? 1e9 : 300 + 100 * seed);
    String svg = drawing.figure().svg();
    assertThat(Svg.texts(svg)).contains("steps / plateau (steps)");
    assertThat(Shape.words(svg))
        .contains("Medians of 4 seeds; band: first to third quartile")
        .contains("1 of 5 runs left out: they did not cross plateau.");
    // Cliffs coincide: before 1 all have 0.5, after it 0.01, whenever they came.
    for (String line : drawing.csv().lines().skip(1).toList()) {
      String[] cells = line.split(",");
      double x = Double.parseDouble(cells[2]);
      double y = Double.parseDouble(cells[3]);
      if (x < 0.95) {
        assertThat(y).isCloseTo(0.5, within(1e-9));
      } else if (x > 1.001) {
        assertThat(y).isCloseTo(0.01, within(1e-9));
      }
    }
  }

  @Test
  void a_heat_map_has_numbers_and_marks_what_is_not_known() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128, 256]}}}
        plots: {shape: {kind: heatmap, data: s, x: T, y: d, of: plateau.steps, color: log}}
        """;
    String svg =
        Shape.svg(plot, (c, s) -> Fabricated.length(c) == 256 && Fabricated.d(c) == 32 ? 1e9 : 400);
    assertThat(Svg.texts(svg)).contains("400", "> 5000", "0/3", "16", "32", "64", "128", "256");
    assertThat(Svg.all(svg, "image")).hasSize(2);
  }

  @Test
  void a_choice_at_the_end_of_its_axis_stands_under_the_figure() {
    String plot =
        """
        sweeps: {tuned: {grid: {d: [16, 32], lr: [1.0e-4, 3.0e-4, 1.0e-3]}, select: {over: lr, by: {mean: plateau.steps}}}}
        plots: {shape: {kind: scaling, data: tuned, x: d, y: plateau.steps}}
        """;
    String svg =
        Shape.svg(plot, (c, s) -> 0.1 / Fabricated.number(c, "training.optimizer.learning_rate"));
    assertThat(Shape.words(svg))
        .contains("Sweep tuned: training.optimizer.learning_rate is 0.001 in both groups")
        .contains("in 2 of these groups the choice is an end of the axis");
  }

  @Test
  void rows_and_columns_of_panels_are_a_grid_whose_legend_says_what_they_do_not() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128, 256], lr: [3.0e-4, 1.0e-3]}}}
        plots: {shape: {kind: learning_curves, data: s, y: test.loss, rows: d, columns: T}}
        """;
    String svg = Shape.svg(plot, (c, s) -> 10 * Fabricated.length(c));
    List<String> texts = Svg.texts(svg);
    assertThat(texts).contains("d = 16, T = 64", "d = 32, T = 256");
    assertThat(texts.stream().filter(t -> t.contains("lr = "))).hasSize(2);
    assertThat(texts).noneMatch(t -> t.contains("d = 16, T = 64, lr"));
    assertThat(Svg.curves(svg)).isEqualTo(2 * 3 * 2 * 3);
  }

  @Test
  void small_multiples_share_axes_and_legend_and_say_their_value() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128, 256]}}}
        plots: {shape: {kind: learning_curves, data: s, y: test.loss, color: d, columns: T}}
        """;
    String svg = Shape.svg(plot, (c, s) -> 10 * Fabricated.length(c));
    assertThat(Svg.texts(svg)).contains("T = 64", "T = 128", "T = 256");
    assertThat(Svg.texts(svg).stream().filter(t -> t.equals("dimension d"))).hasSize(1);
    assertThat(Svg.texts(svg).stream().filter(t -> t.equals("3000")))
        .as("all panels go as far as the longest run")
        .hasSize(3);
  }

  @Test
  void panels_of_other_plots_have_letters() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32]}}}
        plots:
          one: {kind: learning_curves, data: s, y: test.loss, title: Curves}
          two: {kind: scaling, data: s, x: d, y: plateau.steps}
          shape: {kind: panels, of: [one, two], size: {width: 178mm}}
        """;
    Drawing drawing = Shape.draw(plot, (c, s) -> 400);
    String svg = drawing.figure().svg();
    assertThat(Svg.texts(svg)).contains("(a)", "(b)", "Curves", "plateau length (steps)");
    assertThat(Svg.parse(svg).getDocumentElement().getAttribute("width")).isEqualTo("178mm");
    assertThat(drawing.csv()).startsWith("panel,");
  }

  @Test
  void ratios_of_claims_have_intervals_and_what_was_claimed() {
    String plot = VARIANTS + "plots: {shape: {kind: ratios, claims: [faster]}}";
    Drawing drawing = Shape.draw(plot, KindsTest::time);
    assertThat(Shape.words(drawing.figure().svg()))
        .contains("adam, d = 16")
        .contains("faster: ratio of plateau length")
        .contains("claimed 1.5")
        .contains("95 % intervals over seeds");
    String[] header = drawing.csv().lines().toList().get(0).split(",");
    assertThat(header).contains("claim", "ratio", "lower", "upper", "baseline_seeds");
  }

  /** Rounding up lengthens the shorter time more, which no interval over seeds holds. */
  @Test
  void ratios_of_times_that_are_coarse_say_so() {
    String plot =
        Edited.text(VARIANTS, "  two:", "  two:\n    set: {measurement.evaluate_every: 100}")
            + "plots: {shape: {kind: ratios, claims: [faster]}}";
    assertThat(Shape.words(Shape.svg(plot, KindsTest::time)))
        .contains("Evaluated every 100 steps, 22 % of the shortest time: times are coarse.");
  }

  @Test
  void one_dot_a_run_stands_at_its_emergence() {
    String plot =
        VARIANTS + "plots: {shape: {kind: emergence_scatter, data: two, x: variant, color: d}}";
    Drawing drawing = Shape.draw(plot, (c, s) -> s == 0 ? 1e9 : time(c, s));
    assertThat(Svg.all(drawing.figure().svg(), "circle")).hasSize(2 * 4 + 1);
    // A line for each run, and the mean of each word and colour.
    assertThat(drawing.csv().lines().count()).isEqualTo(1 + 20 + 4);
    // Adam, d = 16: seeds 1 to 4 at 500 to 620, seed 0 at its end.
    assertThat(drawing.csv()).contains("adam,16,,,,1448");
    assertThat((5000 + 500 + 540 + 580 + 620) / 5.0).isEqualTo(1448);
    assertThat(Shape.words(drawing.figure().svg()))
        .contains("4 of 20 runs unreached.")
        .contains("Dashed: the mean over runs, with those that did not emerge at their last step.");
  }

  @Test
  void rows_are_lines_of_the_columns_that_a_pattern_names() {
    Plan plan =
        Fabricated.plan(
            """
            plots: {shape: {kind: rows, data: main, y: test.*, below: 0.1}}
            """);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 500));
    Drawing drawing = Report.drawings(analysis, run -> List.of()).get("shape");
    assertThat(Svg.texts(drawing.figure().svg())).contains("loss", "accuracy", "emergence");
    assertThat(Svg.curves(drawing.figure().svg())).isEqualTo(2 * 3);
  }

  @Test
  void a_row_emerges_where_it_first_falls_below_the_level_of_its_plot() {
    Map<String, String> emerged = Map.of("0.01", "", "0.5", "0", "0.9", "0", "0", "");
    emerged.forEach(
        (below, at) -> {
          Plan plan =
              Fabricated.plan(
                  "plots: {shape: {kind: rows, data: main, y: test.*, below: " + below + "}}\n");
          Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 500));
          Drawing drawing = Report.drawings(analysis, run -> List.of()).get("shape");
          assertThat(drawing.csv().lines().filter(line -> line.contains("accuracy")))
              .as("below %s", below)
              .hasSize(3 * 61)
              .allMatch(line -> line.endsWith("," + at));
        });
  }

  @Test
  void levels_of_the_task_are_lines_with_their_meaning() {
    String plot =
        "plots: {shape: {kind: learning_curves, data: main, y: test.loss, levels: [oracle, zero,"
            + " copier]}}\n";
    Drawing drawing = Shape.draw(plot, (c, s) -> 500);
    assertThat(Shape.words(drawing.figure().svg()))
        .contains("oracle: the relevant token is read and W* is known.")
        .contains("The task knows no level copier of test.loss.");
    // Half the mean squared norm of the target.
    List<String> header = List.of(drawing.csv().lines().findFirst().orElseThrow().split(","));
    String[] row =
        drawing.csv().lines().filter(l -> l.contains("zero")).findFirst().orElseThrow().split(",");
    double zero = Double.parseDouble(row[header.indexOf("value")]);
    assertThat(zero).isBetween(0.3, 0.7);
  }

  @Test
  void levels_that_depend_on_the_seed_are_means_over_the_seeds() {
    String plot =
        "plots: {shape: {kind: learning_curves, data: main, y: test.loss, levels: [oracle, zero]}}\n";
    Drawing drawing = Shape.draw(plot, (c, s) -> 500);
    double mean =
        Fabricated.plan(plot).assignments().stream()
            .map(a -> new Replica(a.condition().config(), a.seed()))
            .flatMap(run -> Tasks.levels(run, "test").stream())
            .filter(l -> l.name().equals("zero") && l.metric().equals("loss"))
            .mapToDouble(Level::value)
            .average()
            .orElseThrow();
    List<String> header = List.of(drawing.csv().lines().findFirst().orElseThrow().split(","));
    String zero = drawing.csv().lines().filter(l -> l.contains("zero")).findFirst().orElseThrow();
    assertThat(Double.parseDouble(zero.split(",")[header.indexOf("value")]))
        .isCloseTo(mean, within(1e-9));
    assertThat(Shape.words(drawing.figure().svg()))
        .contains(", mean over the seeds.")
        .contains("oracle: the relevant token is read and W* is known.");
  }

  /** All seeds have the map of the first one, so that the level is exact. */
  @Test
  void levels_of_seeds_that_share_the_task_are_those_of_that_task() {
    String plot =
        "sweeps: {init: {seeds: {first: 4, count: 3, vary: [init]}}}\n"
            + "plots: {shape: {kind: learning_curves, data: init, y: test.loss, levels: [zero]}}\n";
    RunConfig config = Fabricated.plan(plot).experiment().base();
    double first =
        Tasks.levels(new Replica(config, 4), "test").stream()
            .filter(level -> level.name().equals("zero"))
            .findFirst()
            .orElseThrow()
            .value();
    Drawing drawing = Shape.draw(plot, (c, s) -> 500);
    List<String> header = List.of(drawing.csv().lines().findFirst().orElseThrow().split(","));
    String zero = drawing.csv().lines().filter(l -> l.contains("zero")).findFirst().orElseThrow();
    assertThat(Double.parseDouble(zero.split(",")[header.indexOf("value")]))
        .isCloseTo(first, within(1e-9));
    assertThat(Shape.words(drawing.figure().svg())).doesNotContain("mean over the seeds");
  }

  @Test
  void levels_follow_the_conditions_along_an_axis() {
    String plot =
        "sweeps: {sizes: {grid: {task.dim: [16, 32]}}}\n"
            + "plots: {shape: {kind: scaling, data: sizes, x: d, y: test.loss, levels: [blind]}}\n";
    Drawing drawing = Shape.draw(plot, (c, s) -> 500);
    assertThat(drawing.csv().lines().filter(line -> line.contains("blind"))).hasSize(2);
    assertThat(Shape.words(drawing.figure().svg())).contains("blind: the best constant output");
  }

  /** The loss of an output of 0 follows from W*, which has other entries for another d. */
  @Test
  void a_level_that_another_setting_changes_has_a_line_for_each_of_its_values() {
    String sweep =
        "sweeps: {s: {grid: {task.sequence_length: [32, 64], task.dim: [4, 8]}}}\n"
            + "plots: {shape: {kind: scaling, data: s, x: T, y: test.loss, COLOR levels: [zero, oracle]}}\n";
    for (String color : List.of("color: d,", "")) {
      String csv = Shape.draw(Edited.text(sweep, "COLOR", color), (c, s) -> 500).csv();
      List<String> zero = csv.lines().filter(line -> line.contains("zero")).toList();
      assertThat(zero).hasSize(4);
      assertThat(csv.lines().filter(line -> line.contains("oracle"))).hasSize(2);
    }
  }

  @Test
  void sweeps_without_values_are_told_apart_by_their_names() {
    String plot =
        "sweeps: {every_seed: {}, init: {seeds: {count: 3, vary: [init]}}}\n"
            + "plots: {shape: {kind: hazard, data: [every_seed, init]}}\n";
    assertThat(Svg.texts(Shape.svg(plot, (c, s) -> 500 + 10 * s))).contains("every seed", "init");
  }

  @Test
  void rows_may_be_single_heads() {
    Plan plan =
        Fabricated.plan("plots: {shape: {kind: rows, data: main, y: attention.*.*.relevant}}\n");
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 500));
    String svg = Report.drawings(analysis, run -> List.of()).get("shape").figure().svg();
    assertThat(Svg.texts(svg)).as("nothing emerges").doesNotContain("emergence");
  }

  private static double[] numbers(String points) {
    return Arrays.stream(points.split("[ ,]")).mapToDouble(Double::parseDouble).toArray();
  }

  private static final String STOPPED =
      """
      seeds: {first: 0, count: 4}
      sweeps:
        s:
          set:
            measurement.stop: {when: plateau, extra: 0%}
            measurement.thresholds.hard: {metric: test.loss, below: 0.1}
            measurement.thresholds.plateau: {metric: test.loss, below: BELOW}
      """;

  /** All of four are waited for, whether they were stopped or came. */
  @Test
  void runs_that_were_stopped_count_as_waiting_up_to_their_end() {
    String plot = STOPPED + "plots: {shape: {kind: hazard, data: s, threshold: hard}}\n";
    Drawing all = Shape.draw(Edited.text(plot, "BELOW", "0.1"), (c, seed) -> 100 * (seed + 1));
    assertThat(all.csv()).contains(",100,0.75,").contains(",400,0,");
    // The level of the plateau is passed at once: every run ends before its emergence.
    Drawing none = Shape.draw(Edited.text(plot, "BELOW", "0.6"), (c, seed) -> 100 * (seed + 1));
    assertThat(Shape.words(none.figure().svg()))
        .contains("Kaplan-Meier curves of 4 runs each", "4 of 4 runs stopped");
    assertThat(Svg.texts(none.figure().svg())).contains("run ended before");
  }

  /** Three runs, which are looked at up to two steps: to count six would narrow the bands. */
  @Test
  void a_run_that_two_conditions_end_at_different_steps_is_pooled_once() {
    String sweeps =
        "sweeps: {s: {grid: {training.max_steps: [1000, 5000]}}, b: {set: {training.max_steps: 900}}}\n";
    String hazard = "kind: hazard, data: [s, b], color: d";
    Drawing waits =
        Shape.draw(sweeps + "plots: {shape: {" + hazard + "}}\n", (c, s) -> 500 + 1000 * s);
    assertThat(waits.csv().lines().skip(1)).hasSize(3).allMatch(line -> line.endsWith(",3"));
    assertThat(Shape.words(waits.figure().svg())).contains("Kaplan-Meier curves of 3 runs each");
    String scatter = "kind: emergence_scatter, data: [s, b], x: d";
    String csv =
        Shape.draw(sweeps + "plots: {shape: {" + scatter + "}}\n", (c, s) -> 500 + 1000 * s).csv();
    assertThat(csv.lines().filter(line -> line.endsWith(",1500"))).hasSize(1);
  }

  /** Of three runs that all emerged, up to 71 % of others may not have. */
  @Test
  void a_band_has_a_width_where_no_run_waits_any_more() {
    String plot = "sweeps: {s: {}}\nseeds: {count: 3}\nplots: {shape: {kind: hazard, data: s}}\n";
    String csv = Shape.draw(plot, (c, s) -> 500 + 100 * s).csv();
    assertThat(csv.lines().reduce((a, b) -> b).orElseThrow())
        .contains(",700,0,0,0.7075")
        .endsWith(",3");
  }

  @Test
  void the_table_of_a_hazard_plot_has_the_numbers_that_are_drawn() {
    String plot = "sweeps: {s: {}}\nplots: {shape: {kind: hazard, data: s, show: SHOW}}\n";
    Drawing emerged = Shape.draw(Edited.text(plot, "SHOW", "emerged"), (c, s) -> 500 + 100 * s);
    assertThat(emerged.csv().lines().toList().get(0))
        .isEqualTo("series,time,emerged,lower,upper,runs");
    for (String line : emerged.csv().lines().skip(1).limit(2).toList()) {
      String[] row = line.split(",");
      assertThat(Double.parseDouble(row[2]))
          .isBetween(Double.parseDouble(row[3]), Double.parseDouble(row[4]));
    }
    Drawing hazard = Shape.draw(Edited.text(plot, "SHOW", "hazard"), (c, s) -> 500 + 100 * s);
    assertThat(hazard.csv()).contains("series,time,hazard,").contains(",500,0.405465");
  }

  private static final String FOUR =
      "sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128]}}}\n";

  /** One of three seeds is unreached at T = 64 alone: 1 of 6 of all runs, but 1 of 3 there. */
  @Test
  void a_sentence_about_one_of_several_panels_names_it() {
    String plot =
        FOUR
            + "seeds: {count: 3}\nplots: {shape: {kind: learning_curves, data: s, where: {d: 16}, y:"
            + " test.loss, columns: T, mark: plateau}}\n";
    String words =
        Shape.words(Shape.svg(plot, (c, s) -> s == 1 && Fabricated.length(c) == 64 ? 1e9 : 100));
    assertThat(words).contains("T = 64: 1 of 3 runs unreached.").doesNotContain(". 1 of 3 runs");
  }

  /** Alone they have, so that equal heights are equal numbers. */
  @Test
  void panels_of_a_letter_have_the_same_axes() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 512]}}}
        plots:
          parts: {kind: scaling, data: s, x: d, y: plateau.steps, columns: T}
          shape: {kind: panels, of: [parts]}
        """;
    List<String> words = Svg.texts(Shape.svg(plot, (c, s) -> 20 * Fabricated.length(c)));
    assertThat(words).contains("T = 64", "T = 512");
    assertThat(words.stream().filter("2000"::equals)).hasSize(2);
    assertThat(words.stream().filter("5000"::equals)).hasSize(2);
  }

  /** As above, with panels of a letter beside another plot. */
  @Test
  void a_sentence_about_one_of_the_panels_of_a_letter_names_both() {
    String plot =
        FOUR
            + """
            seeds: {count: 3}
            plots:
              parts: {kind: learning_curves, data: s, where: {d: 16}, y: test.loss, columns: T, mark: plateau}
              whole: {kind: theory, data: s, relation: w_inf}
              shape: {kind: panels, of: [parts, whole]}
            """;
    Drawing drawing = Shape.draw(plot, (c, s) -> s == 1 && Fabricated.length(c) == 64 ? 1e9 : 100);
    assertThat(drawing.figure().caption())
        .anyMatch(s -> s.startsWith("(a) ") && s.contains("T = 64: 1 of 3 runs unreached."))
        .allMatch(s -> s.startsWith("(a) ") || s.startsWith("(b) "));
  }

  @Test
  void a_median_on_a_heat_map_is_called_one() {
    String plot =
        FOUR
            + "seeds: {count: 3}\nplots: {shape: {kind: heatmap, data: s, x: d, y: T, of: plateau.steps}}\n";
    assertThat(Shape.words(Shape.svg(plot, (c, s) -> s == 1 ? 1e9 : 100 + 50 * s)))
        .contains("2/3", "of times the median by Kaplan and Meier");
  }

  /** At 85 mm a number of two digits has room in a cell, and one of four has none. */
  @Test
  void all_cells_of_a_heat_map_have_their_numbers_or_none() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: {from: 2, to: 13, num: 12}}}}
        seeds: {count: 1}
        plots: {shape: {kind: heatmap, data: s, x: d, y: seed, of: plateau.steps, size: WIDTH}}
        """;
    assertThat(onCells(Edited.text(plot, "WIDTH", "{width: 85mm}"))).isZero();
    assertThat(onCells(Edited.text(plot, "WIDTH", "{width: 240mm}"))).isEqualTo(12);
  }

  private static long onCells(String plot) {
    String svg = Shape.svg(plot, (c, s) -> Fabricated.d(c) == 7 ? 20 : 1000 + 10 * Fabricated.d(c));
    return Svg.texts(svg).stream().filter(t -> t.matches("20|10[2-9]0|11[0-3]0")).count();
  }

  /** Two claims of variants whose names take two lines, in a figure for a column. */
  @Test
  void long_names_of_ratios_stand_apart_and_begin_with_what_differs() {
    String plot =
        """
        sweeps:
          s:
            variants:
              adam: {}
              sgd_with_momentum_and_a_rate_of_one_tenth: {training.optimizer.learning_rate: 2.0e-3}
              adam_with_a_small_learning_rate: {training.optimizer.learning_rate: 1.0e-5}
              adam_with_a_large_learning_rate: {training.optimizer.learning_rate: 1.0e-2}
              adam_with_the_learning_rate_of_others: {training.optimizer.learning_rate: 2.0e-2}
        claims:
          one_that_is_long_enough_to_be_cut: {kind: ratio, data: s, of: plateau.steps, baseline: {variant: adam}, at_least: 1}
          another_that_is_as_long_as_that: {kind: ratio, data: s, of: test.loss, baseline: {variant: adam}, at_least: 1}
        plots: {shape: {kind: ratios, claims: [one_that_is_long_enough_to_be_cut, another_that_is_as_long_as_that], size: column}}
        """;
    List<Element> names =
        Svg.all(Shape.svg(plot, (c, s) -> 100 + 20 * s), "text").stream()
            .filter(t -> t.getAttribute("text-anchor").equals("end") && t.hasAttribute("y"))
            .toList();
    assertThat(names).hasSizeGreaterThan(4);
    assertThat(names.stream().map(Element::getTextContent))
        .noneMatch(line -> line.startsWith("one_that") || line.startsWith("another"));
    for (int i = 1; i < names.size(); i++) {
      double apart = number(names.get(i), "y") - number(names.get(i - 1), "y");
      assertThat(Math.abs(apart))
          .as(names.get(i).getTextContent())
          .isGreaterThanOrEqualTo(number(names.get(i), "font-size"));
    }
  }

  @Test
  void a_place_of_a_heat_map_has_one_number() {
    String plot =
        FOUR + "plots: {shape: {kind: heatmap, data: s, x: d, y: B, of: plateau.steps}}\n";
    List<String> texts = Svg.texts(Shape.svg(plot, (c, s) -> 10 * Fabricated.length(c)));
    assertThat(texts).contains("1280").doesNotContain("640");
  }

  @Test
  void a_mean_over_runs_is_of_runs_and_says_of_what_they_have_in_common() {
    String plot = FOUR + "plots: {shape: {kind: emergence_scatter, data: s, x: d}}\n";
    String csv = Shape.draw(plot, (c, s) -> 10 * Fabricated.length(c)).csv();
    List<String> header = List.of(csv.lines().findFirst().orElseThrow().split(","));
    for (String line : csv.lines().filter(l -> l.endsWith(",960")).toList()) {
      String[] row = line.split(",");
      assertThat(row[header.indexOf("task.dim")]).isIn("16", "32");
      assertThat(row[header.indexOf("task.sequence_length")]).isEmpty();
    }
    assertThat(csv.lines().filter(l -> l.endsWith(",960"))).hasSize(2);
  }

  /** Of two conditions at 32 one is open: the other's time alone would be too early. */
  @Test
  void a_line_of_means_leaves_out_where_a_condition_has_none() {
    String plot =
        Edited.text(FOUR, "[16, 32]", "[8, 16, 32, 64, 128]")
            + "plots: {shape: {kind: scaling, data: s, x: d, y: plateau.steps, line: mean}}\n";
    String open =
        Shape.svg(
            plot,
            (c, s) -> Fabricated.d(c) == 32 && Fabricated.length(c) == 128 ? 1e9 : Fabricated.d(c));
    String whole = Shape.svg(plot, (c, s) -> Fabricated.d(c));
    assertThat(points(whole)).isEqualTo(points(open) + 1);
  }

  /** Of the longest polyline. */
  private static int points(String svg) {
    return java.util.regex.Pattern.compile("<polyline[^>]* points=\"([^\"]*)\"")
        .matcher(svg)
        .results()
        .mapToInt(m -> m.group(1).strip().split(" ").length)
        .max()
        .orElse(0);
  }
}
