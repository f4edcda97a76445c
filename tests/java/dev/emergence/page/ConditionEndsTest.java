package dev.emergence.page;

import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Origin;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was trained beyond a condition's end shows there what tables and figures count. */
class ConditionEndsTest {
  /** One run, of which two sweeps look at 90 and at 300 steps; it emerges at 80. */
  private static final String SHARED =
      """
      dsl: 1
      name: shared
      task: {kind: linear_regression, dim: 16, sequence_length: 64}
      training: {max_steps: 300}
      measurement:
        evaluate_every: 10
        thresholds: {plateau: {metric: test.loss, below: 0.1}}
        stop: {never: true}
      seeds: {count: 1}
      sweeps:
        short: {set: {training.max_steps: 90}}
        long: {grid: {task.dim: [16]}}
      """;

  private static final int SHORT = 90;

  @TempDir private Path root;
  private ResultsFolder folder;

  @BeforeEach
  void trainForLong() throws Exception {
    folder = ResultsFolder.open(root, Disk.local());
    Plan plan = Yaml.plan(SHARED);
    assertThat(plan.runs()).hasSize(1);
    PlannedRun run = plan.runs().get(0);
    folder.run(run.id()).complete(Folders.record(run, Outcome.State.COMPLETE, 300, ""));
  }

  private Plan plan(String yaml) throws Exception {
    Plan plan = Yaml.plan(yaml);
    folder.writePlan(plan, Origin.of("fabricated.yaml", yaml));
    return plan;
  }

  private RunView run(Plan plan) {
    return new FolderReader(plan, folder, "").read().get(0);
  }

  private Map<?, ?> record(Plan plan) throws Exception {
    Optional<Analysis> analysis = Optional.of(Analysis.of(plan, folder.load(plan)));
    Map<String, Object> tree = new Snapshot(plan).tree(List.of(run(plan)), analysis, false, 0, "");
    return (Map<?, ?>) ((List<?>) tree.get("runs")).get(0);
  }

  @Test
  void a_run_that_an_earlier_file_trained_longer_ends_where_this_one_asks() throws Exception {
    Plan shorter = plan(SHARED.replace("max_steps: 300", "max_steps: " + SHORT));
    RunView run = run(shorter);
    assertThat(run.curve().steps()).hasSize(10).endsWith(SHORT);
    assertThat(run.standing().step()).isEqualTo(SHORT);
    assertThat(record(shorter).get("rows")).isEqualTo(10);
    assertThat(CurveData.rows(List.of(run), "test.loss").lines()).hasSize(11);
  }

  @Test
  void each_place_of_a_run_has_the_end_of_its_own_condition() throws Exception {
    Plan plan = plan(SHARED);
    List<?> places = (List<?>) record(plan).get("places");
    assertThat(places).hasSize(2);
    for (Object place : places) {
      Map<?, ?> one = (Map<?, ?>) place;
      double end = one.get("sweep").equals("short") ? SHORT : 300;
      assertThat(one.get("end")).isEqualTo(end);
      assertThat(one.get("step")).isEqualTo(end);
    }
    assertThat(CurveData.csv(run(plan), SHORT).lines()).hasSize(11);
    assertThat(CurveData.csv(run(plan), 300).lines()).hasSize(32);
  }

  @Test
  void a_run_that_diverged_after_the_end_of_a_condition_is_complete_for_it() throws Exception {
    Plan plan = Yaml.plan(SHARED);
    PlannedRun run = plan.runs().get(0);
    folder
        .run(run.id())
        .complete(Folders.record(run, Outcome.State.DIVERGED, 200, "test.loss is NaN"));
    List<?> places = (List<?>) record(plan(SHARED)).get("places");
    assertThat(places)
        .extracting(
            place -> ((Map<?, ?>) place).get("sweep") + " " + ((Map<?, ?>) place).get("state"))
        .containsExactlyInAnyOrder("short complete", "long diverged");
  }

  @Test
  void a_run_that_two_conditions_share_is_drawn_and_counted_for_each() throws Exception {
    Browser.get();
    String levels = "grid: {measurement.thresholds.plateau.below: [0.2, 0.1]}";
    Folders.report(root, plan(SHARED.replace("set: {training.max_steps: 90}", levels)));
    Browser.open(root.resolve("report.html").toUri().toString());
    assertThat(text("#curves-note")).startsWith("2 of 2 runs.").doesNotContain("no rows here");
  }

  @Test
  void each_place_of_a_shared_run_is_chosen_opened_and_linked_by_itself() throws Exception {
    Browser.get();
    String levels = "grid: {measurement.thresholds.plateau.below: [0.2, 0.1]}";
    Folders.report(root, plan(SHARED.replace("set: {training.max_steps: 90}", levels)));
    String address = root.resolve("report.html").toUri().toString();
    Browser.open(address);
    script("document.querySelectorAll('#grid button')[1].click()");
    secondIsShown();
    Browser.open(address + script("return location.hash"));
    secondIsShown();
    script("document.querySelectorAll('#table td button')[0].click()");
    until(() -> text("#run h3").endsWith("below = 0.2"));
    script("em.view.filter = 'below = 0.1'; em.changed('filter')");
    assertThat(script("return document.querySelectorAll('#grid .out').length")).isEqualTo(1L);
  }

  private static void secondIsShown() {
    until(() -> text("#run h3").endsWith("below = 0.1"));
    until(() -> text("#film-run option:checked").equals("below = 0.1"));
    assertThat(
            script("return [...document.querySelectorAll('#grid button')].map(b => b.ariaPressed)"))
        .isEqualTo(List.of("false", "true"));
  }

  @Test
  void swept_levels_are_drawn_only_with_the_conditions_that_have_them() throws Exception {
    Browser.get();
    String swept = "grid: {measurement.thresholds.plateau.below: [0.2, 0.1]}";
    Folders.report(root, plan(SHARED.replace("set: {training.max_steps: 90}", swept)));
    Browser.open(root.resolve("report.html").toUri().toString());
    script("em.view.levels = false; em.changed('view')");
    String levels = "return em.levels().map(l => l.label).join('; ')";
    assertThat(script(levels)).isEqualTo("plateau: below 0.2; plateau: below 0.1");
    script("em.view.filter = 'below = 0.2'; em.changed('filter')");
    assertThat(script(levels)).isEqualTo("plateau: below 0.2");
    script("em.view.filter = ''; em.view.sweep = 'long'; em.changed('sweep')");
    assertThat(script(levels)).isEqualTo("plateau: below 0.1");
  }

  @Test
  void the_page_draws_saves_and_lists_a_sweep_only_up_to_its_end() throws Exception {
    Browser.get();
    Folders.report(root, plan(SHARED));
    Browser.open(root.resolve("report.html").toUri().toString());
    for (String sweep : List.of("long", "short")) {
      long end = sweep.equals("short") ? SHORT : 300;
      script("em.view.sweep = arguments[0]; em.view.run = ''; em.changed('sweep')", sweep);
      until(() -> script("return String(em.drawn.lines[0].x.at(-1))").equals("" + end));
      assertThat(Browser.async("return (await (await em.curvesCsv()).text()).trim()"))
          .asString()
          .hasLineCount((int) end / 10 + 2);
      assertThat(text("#table")).contains("reached\t70\t" + end);
      assertThat(script("return em.columns().find(c => c.key === 'step').text(em.placed()[0])"))
          .isEqualTo("" + end);
      assertThat(script("return em.film.views[0].film.frames.at(-1).step <= " + end))
          .isEqualTo(true);
    }
    assertThat(Browser.errors()).isEmpty();
  }
}
