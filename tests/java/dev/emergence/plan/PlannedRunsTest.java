package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.result.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Planned runs reach another process whole, costs and demands included. */
class PlannedRunsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart.yaml",
        "paper1/fig1.yaml",
        "paper1/fig5.yaml",
        "paper1/changing-diversity.yaml",
        "paper2/appB3.yaml"
      })
  void a_tree_gives_the_same_runs(String file) throws Exception {
    Plan plan =
        Planner.plan(
            SpecReader.read(Path.of("dsl-examples", file), ReadOptions.none())
                .spec()
                .orElseThrow());
    String line = Json.line(PlannedRuns.tree(plan.runs()));
    List<PlannedRun> read = PlannedRuns.read(Json.read(line, "planned runs"));
    assertThat(read).isEqualTo(plan.runs());
    assertThat(read)
        .allSatisfy(
            run -> assertThat(RunId.of(run.run().config(), run.run().seed())).isEqualTo(run.id()));
  }

  @Test
  void what_runs_share_is_written_once() {
    Plan plan = Yaml.plan(Yaml.TINY);
    Map<String, Object> tree = PlannedRuns.tree(plan.runs());
    assertThat((List<?>) tree.get("runs")).hasSize(6);
    assertThat((List<?>) tree.get("configs")).hasSize(3);
    assertThat((List<?>) tree.get("demands")).hasSize(1);
  }

  @Test
  void a_tree_without_runs_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PlannedRuns.read(Map.of("configs", List.of(), "demands", List.of())))
        .withMessage("planned runs have no list of runs");
  }
}
