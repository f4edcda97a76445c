package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Experiment;
import dev.emergence.analysis.StudyTable;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of a study after a run. */
class StudyLinesTest {
  private static String said(double... gaps) {
    Plan plan =
        Experiment.parse(
                """
                dsl: 1
                name: said
                task: {kind: linear_map, cells: 4, parents: 1}
                measurement: {checkpoints_at: [0, last]}
                seeds: %d
                studies: {patch: {kind: head_patching, data: main, from: last, into: 0, metric: test.accuracy}}
                """
                    .formatted(gaps.length))
            .plan();
    List<StudyTable.Row> rows = new ArrayList<>();
    for (Assignment run : plan.assignments()) {
      double gap = gaps[(int) run.seed()];
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("direction", "forward");
      values.put("from", "last");
      values.put("into", "0");
      values.put("set", "single");
      values.put("size", 1);
      values.put("unchanged", 0.5);
      values.put("effect", 0.25);
      values.put("recovered", gap == 0 ? null : 0.25 / gap);
      rows.add(new StudyTable.Row(run, values));
    }
    StringWriter out = new StringWriter();
    StudyTable table =
        new StudyTable("patch", plan.experiment().studies().get("patch"), rows, List.of());
    StudyLines.found(List.of(table), new PrintWriter(out, true));
    return out.toString();
  }

  @Test
  void a_share_of_the_way_says_of_how_many_runs_it_is_where_some_have_none() {
    assertThat(said(0.5, 1, 0.25)).contains("3 runs), 0.5833 of the way\n");
    assertThat(said(0.5, 0, 0.25)).contains("3 runs), 0.75 of the way (2 runs)\n");
    assertThat(said(0, 0)).contains("2 runs)\n").doesNotContain("of the way");
  }
}
