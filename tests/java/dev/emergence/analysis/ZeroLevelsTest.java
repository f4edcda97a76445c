package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ZeroLevelsTest {
  private static final String RECALL =
      """
      dsl: 1
      name: recall
      task: {kind: associative_recall, pairs: 4, tokens: 64}
      training: {max_steps: 30}
      measurement:
        evaluate_every: 10
        thresholds:
          better: {metric: test.accuracy, above: 3, relative_to: initial}
          half: {metric: test.loss, below: 0.5, relative_to: initial}
          sure: {metric: test.accuracy, above: 0.5}
      seeds: 3
      """;

  /** Seeds 0 and 2 begin without a right guess. */
  private static Analysis analysis(double... first) {
    return analysis(RECALL, first);
  }

  private static Analysis analysis(String yaml, double... first) {
    Plan plan = Fabricated.planOf(yaml);
    Map<String, StoredRun> runs =
        plan.runs().stream()
            .collect(
                Collectors.toMap(
                    planned -> planned.id(),
                    planned -> {
                      double[][] values = {
                        {4, first[planned.run().seed()]}, {4, 0.015625}, {3, 0.0625}, {3, 0.0625}
                      };
                      double[] steps = {0, 10, 20, 30};
                      Curve curve = new Curve(List.of("test.loss", "test.accuracy"), steps, values);
                      Outcome whole = new Outcome(Outcome.State.COMPLETE, 30, "", 1, 1.5);
                      return new StoredRun(planned.run(), whole, curve);
                    }));
    return Analysis.of(plan, runs);
  }

  @Test
  void a_multiple_of_nothing_is_said() {
    Analysis some = analysis(0, 0.015625, 0);
    assertThat(some.notes())
        .containsExactly(
            "better is relative to the first test.accuracy, which is 0 in 2 runs: there every"
                + " number above 0 passes");
    assertThat(some.cells("main").get(0).values("better.steps"))
        .containsExactly(new Value(10, false), new Value(20, false), new Value(10, false));
    assertThat(analysis(0.015625, 0.015625, 0.03125).notes()).isEmpty();
  }

  @Test
  void of_more_than_four_thresholds_the_rest_is_counted() {
    assertThat(analysis(thresholds(4), 0, 0, 0).notes())
        .hasSize(4)
        .allMatch(note -> note.contains("which is 0 in 3 runs"));
    assertThat(analysis(thresholds(6), 0, 0, 0).notes())
        .hasSize(5)
        .endsWith("2 more thresholds are relative to a first value that is 0");
  }

  private static String thresholds(int count) {
    String better = "    better: {metric: test.accuracy, above: 3, relative_to: initial}\n";
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(better.replace("better", "better_" + i));
    }
    return RECALL.replace(better, all);
  }
}
