package dev.emergence.page;

import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Curve;
import dev.emergence.result.Disk;
import dev.emergence.result.Origin;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a sweep that is too large to show everything in it at once. */
class LargeSweepTest {
  private static final int CONDITIONS = 2000;

  @TempDir Path root;

  @Test
  void a_report_of_many_conditions_is_packed_and_says_where_the_rest_of_its_table_is()
      throws Exception {
    String yaml =
        Folders.PLANE
            .replace("[16, 32, 64]", numbers(2, CONDITIONS / 40))
            .replace("[64, 128]", numbers(30, 40))
            .replace("count: 3", "count: 1")
            .replace("baseline: {T: 128}", "baseline: {T: 30}");
    Plan plan = Yaml.plan(yaml);
    ResultsFolder.open(root, Disk.local()).writePlan(plan, Origin.of("fabricated.yaml", yaml));
    Folders.report(root, plan);
    String report = Files.readString(root.resolve("report.html"));
    assertThat(report)
        .contains("id=\"snapshot\">{\"type\":\"text\"")
        .contains("1000 more conditions are in tables/conditions.csv.")
        .hasSizeLessThan(1_500_000);
    Browser.get();
    Browser.open(root.resolve("report.html").toUri().toString());
    assertThat(text(".tiles")).contains(CONDITIONS + " runs");
    script("em.open('" + plan.runs().get(1).id() + "')");
    until(() -> text("#run").contains("Settings that differ from the base file"));
  }

  private static String numbers(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  @Test
  void curves_of_many_runs_have_fewer_points_and_the_first_metric_stays() {
    List<String> metrics = List.of("test.loss", "train.loss", "norm", "rank");
    assertThat(CurveParts.of(noisy(2, metrics), metrics).said()).isEmpty();
    CurveParts some = CurveParts.of(noisy(2000, metrics), metrics);
    assertThat(some.parts().keySet()).containsExactly("test.loss", "train.loss", "norm");
    assertThat(some.said())
        .contains(
            "Curves of test.loss have about 25 points a run here",
            "1 further metric is in tables/curves.jsonl only");
    CurveParts many = CurveParts.of(noisy(12_000, metrics), metrics);
    assertThat(many.parts().keySet()).containsExactly("test.loss");
    assertThat(many.said()).contains("3 further metrics are in tables/curves.jsonl only");
  }

  /** They are what a reader looks at first; together they may pass what others may not. */
  @Test
  void the_first_metrics_stay_where_there_is_no_space_for_others() {
    List<String> metrics = List.of("test.loss", "train.loss", "norm", "rank");
    CurveParts some = CurveParts.of(noisy(4000, metrics), metrics);
    assertThat(some.parts().keySet()).containsExactly("test.loss", "train.loss", "norm");
    assertThat(some.said()).contains("1 further metric is in tables/curves.jsonl only");
  }

  @Test
  void a_later_metric_has_all_its_points_or_is_left_out() {
    List<String> metrics = List.of("test.loss", "train.loss", "norm", "rank");
    List<RunView> runs = noisy(1000, metrics);
    runs.forEach(
        run -> {
          for (double[] row : run.curve().values()) {
            row[0] = row[1] = row[2] = 0;
          }
        });
    CurveParts all = CurveParts.of(runs, metrics);
    assertThat(all.said()).isEmpty();
    Map<String, Object> last = all.parts().get("rank");
    assertThat(last.get("counts")).isEqualTo(last.get("total"));
  }

  @Test
  void values_have_all_their_digits_where_the_space_suffices() {
    List<String> metrics = List.of("test.loss", "train.loss");
    assertThat(types(CurveParts.of(noisy(200, metrics), metrics))).containsExactly("f64", "f64");
    assertThat(types(CurveParts.of(noisy(600, metrics), metrics))).containsExactly("f64", "f32");
    assertThat(types(CurveParts.of(noisy(2000, metrics), metrics))).containsExactly("f32", "f32");
  }

  private static List<Object> types(CurveParts parts) {
    return parts.parts().values().stream()
        .map(part -> ((Map<?, ?>) part.get("values")).get("type"))
        .collect(Collectors.toList());
  }

  /** Runs of 120 rows that nothing packs. */
  private static List<RunView> noisy(int count, List<String> metrics) {
    PlannedRun run = Yaml.plan(Folders.PLANE).runs().get(0);
    Standing standing = new Standing(run, Standing.State.COMPLETE, 119, 1, "");
    Random random = new Random(7);
    List<RunView> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] steps = IntStream.range(0, 120).mapToDouble(row -> row).toArray();
      double[][] values = new double[steps.length][];
      for (int row = 0; row < steps.length; row++) {
        values[row] = random.doubles(metrics.size()).toArray();
      }
      Curve curve = new Curve(metrics, steps, values);
      out.add(
          new RunView(
              "run" + i, run, standing, Optional.empty(), curve, Set.of(119.0), false, 0, 1));
    }
    return out;
  }
}
