package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The lines of a table of heads: what is averaged over runs, and in which order. */
class HeadSummaryTest {
  private static final Plan PLAN =
      Yaml.plan(
          """
          dsl: 1
          name: heads
          task: {kind: linear_map, cells: 4, parents: 1}
          measurement: {checkpoints_at: last}
          seeds: 2
          studies: {ablate: {kind: head_ablation, data: main, metric: test.loss}}
          """);

  private static StudyTable.Row row(Assignment run, String set, int size, int head, double effect) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("at", "last");
    values.put("unchanged", 1.0 + run.seed());
    values.put("set", set);
    values.put("size", size);
    values.put("head", head);
    values.put("effect", effect);
    return new StudyTable.Row(run, values);
  }

  private static StudyTable table() {
    List<StudyTable.Row> rows = new ArrayList<>();
    double[][] single = {{0.1, -3, 0.5}, {5, 0.2, 0.3}};
    for (Assignment run : PLAN.assignments()) {
      for (int head = 0; head < 3; head++) {
        rows.add(row(run, "single", 1, head + 1, single[run.seed()][head]));
      }
      rows.add(row(run, "all", 3, 0, 7));
      rows.add(row(run, "top", 1, 0, 99));
      rows.add(row(run, "random", 1, 0, 0.2 + run.seed()));
      rows.add(row(run, "random", 1, 0, 0.4 + run.seed()));
    }
    return new StudyTable("ablate", PLAN.experiment().studies().get("ablate"), rows, List.of());
  }

  private static HeadSummary.Line line(String what) {
    return HeadSummary.of(table()).stream()
        .filter(l -> l.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void heads_are_put_in_order_within_each_run_before_they_are_averaged() {
    // -3 of the one run, 5 of the other: those that change most.
    assertThat(line("most effective head").effect().mean()).isCloseTo(1, within(1e-12));
    assertThat(line("second most effective head").effect().mean()).isCloseTo(0.4, within(1e-12));
    assertThat(line("median head").effect().mean()).isCloseTo(0.4, within(1e-12));
    assertThat(line("most effective head").unchanged()).isCloseTo(1.5, within(1e-12));
    assertThat(line("most effective head").effect().count()).isEqualTo(2);
  }

  @Test
  void draws_of_a_run_count_as_one_number_with_an_interval_over_runs() {
    // 0.3 and 1.3: mean 0.8, standard error 0.5, and t of one degree of freedom is 12.706.
    HeadSummary.Line line = line("1 random other head");
    assertThat(line.effect().mean()).isCloseTo(0.8, within(1e-12));
    assertThat(line.effect().upper()).isCloseTo(0.8 + 0.5 * 12.7062, within(1e-4));
    assertThat(line.effect().count()).isEqualTo(2);
    assertThat(line.recovered().count()).isZero();
  }

  @Test
  void one_head_at_once_is_not_told_twice() {
    assertThat(HeadSummary.of(table()).stream().map(HeadSummary.Line::what))
        .containsExactly(
            "most effective head",
            "second most effective head",
            "median head",
            "1 random other head",
            "all heads at once");
  }

  @Test
  void conditions_are_not_averaged_with_each_other() {
    Plan plan =
        Yaml.plan(
            """
            dsl: 1
            name: heads
            task: {kind: linear_map, cells: 4, parents: 1}
            measurement: {checkpoints_at: last}
            seeds: 2
            sweeps: {parents: {grid: {task.parents: [1, 2]}}, more: {set: {task.parents: 3}}}
            studies: {ablate: {kind: head_ablation, data: [parents, more], metric: test.loss}}
            """);
    List<StudyTable.Row> rows = new ArrayList<>();
    for (Assignment run : plan.assignments()) {
      double parents = Fabricated.number(run.condition().config(), "task.parents");
      rows.add(row(run, "single", 1, 1, 10 * parents + run.seed()));
    }
    StudyTable table =
        new StudyTable("ablate", plan.experiment().studies().get("ablate"), rows, List.of());
    List<HeadSummary.Line> lines =
        HeadSummary.of(table).stream().filter(l -> l.what().startsWith("most")).toList();
    assertThat(lines).extracting(l -> l.effect().mean()).containsExactly(10.5, 20.5, 30.5);
    assertThat(lines).extracting(l -> l.effect().count()).containsOnly(2);
    assertThat(lines)
        .extracting(HeadSummary.Line::group)
        .containsExactly(
            "parents, parents = 1: at last", "parents, parents = 2: at last", "more: at last");
  }
}
