package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Figures of arbitrary numbers, read back from their SVG: each condition is drawn or counted. */
class FiguresPropertiesTest {
  private static final String MAIN = "sweeps: {main: {grid: {task.dim: [8, 16, 32, 64]}}}\n";

  /** Runs whose last losses are a function of the table's number, of any sign and size. */
  private static Analysis table(int number, String plot) {
    Plan plan = Fabricated.plan(MAIN + "plots: {shape: {data: main, " + plot + "}}\n");
    Map<String, StoredRun> runs = new LinkedHashMap<>();
    for (Assignment a : plan.assignments()) {
      RunConfig config = plan.byId().get(a.run()).run().config();
      Run run = new Run(a.run(), config, a.seed());
      Random random = new Random(31L * number + 7 * (long) Fabricated.d(config) + run.seed());
      random.nextDouble();
      double loss =
          switch (number % 4) {
            case 0 -> random.nextGaussian();
            case 1 -> random.nextInt(3) / 2.0;
            case 2 -> Math.pow(10, 20 * random.nextGaussian());
            default -> 0.2 + random.nextDouble();
          };
      Curve curve =
          new Curve(List.of("test.loss"), new double[] {0, 5000}, new double[][] {{0.5}, {loss}});
      Outcome outcome = new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 2.5);
      runs.put(a.run(), new StoredRun(run, outcome, curve));
    }
    return Analysis.of(plan, runs);
  }

  private static List<Double> middles(Analysis analysis, boolean log, PlotSpec.Middle middle) {
    List<Double> out = new ArrayList<>();
    for (Cell cell : analysis.cells("main")) {
      out.add(Center.of(cell, "test.loss", middle, PlotSpec.ErrorBar.STD, log).value());
    }
    return out;
  }

  private static String svg(Analysis analysis) {
    return Report.drawings(analysis, run -> List.of()).get("shape").figure().svg();
  }

  /** The number in a note under a figure; 0 without such a note. */
  private static int counted(String svg, String words) {
    Matcher found = Pattern.compile("(\\d+) " + words).matcher(String.join(" ", Svg.texts(svg)));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  /** Heights of the discs of conditions, from the left. */
  private static List<Double> discs(String svg) {
    return Svg.all(svg, "circle").stream()
        .filter(e -> e.getAttribute("r").equals("3.2"))
        .sorted(Comparator.comparingDouble(e -> Double.parseDouble(e.getAttribute("cx"))))
        .map(e -> Double.parseDouble(e.getAttribute("cy")))
        .toList();
  }

  @Property(tries = 60)
  void each_condition_has_its_dot_at_its_middle_or_is_counted_under_the_figure(
      @ForAll @IntRange(max = 100_000) int number,
      @ForAll PlotSpec.Middle middle,
      @ForAll boolean log) {
    Analysis analysis =
        table(
            number,
            "kind: scaling, x: d, y: test.loss, error: none, line: none, middle: %s, scale: %s"
                .formatted(middle.name().toLowerCase(Locale.ROOT), log ? "loglog" : "linear"));
    String svg = svg(analysis);
    List<Double> all = middles(analysis, log, middle);
    List<Double> shown = all.stream().filter(v -> log ? v > 0 : !Double.isNaN(v)).toList();

    assertThat(counted(svg, "conditions? (has|have) no dot"))
        .isEqualTo((int) all.stream().filter(v -> Double.isNaN(v)).count());
    assertThat(counted(svg, "values? (has|have) no place"))
        .isEqualTo((int) all.stream().filter(v -> log && v <= 0).count());
    assertThat(discs(svg)).hasSameSizeAs(shown);
    requireAffine(shown.stream().map(v -> log ? Math.log(v) : v).toList(), discs(svg));
  }

  /** Heights fall evenly from the smallest number to the largest. */
  private static void requireAffine(List<Double> numbers, List<Double> heights) {
    if (numbers.size() < 2) {
      return;
    }
    int low = numbers.indexOf(Collections.min(numbers));
    int high = numbers.indexOf(Collections.max(numbers));
    double span = numbers.get(high) - numbers.get(low);
    for (int i = 0; i < numbers.size() && span > 0; i++) {
      double share = (numbers.get(i) - numbers.get(low)) / span;
      double height = heights.get(low) + share * (heights.get(high) - heights.get(low));
      assertThat(heights.get(i)).as("%s at %s", numbers, heights).isCloseTo(height, within(0.02));
    }
  }

  @Property(tries = 40)
  void each_cell_of_a_heat_map_has_a_number_or_a_dash(
      @ForAll @IntRange(max = 100_000) int number, @ForAll PlotSpec.Middle middle) {
    Analysis analysis =
        table(
            number,
            "kind: heatmap, x: d, y: T, of: test.loss, color: log, middle: "
                + middle.name().toLowerCase(Locale.ROOT));
    String svg = svg(analysis);
    long without = middles(analysis, true, middle).stream().filter(v -> Double.isNaN(v)).count();

    assertThat(Svg.texts(svg)).doesNotContain("NaN");
    assertThat(Svg.texts(svg).stream().filter("–"::equals)).hasSize((int) without);
    assertThat(counted(svg, "conditions? (has|have) no number")).isEqualTo((int) without);
  }
}
