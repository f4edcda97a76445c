package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.plan.Plan;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several folders as one snapshot. */
class UnionTest {
  @TempDir Path root;

  private Map<String, Object> snapshot(String folder, String yaml, int number) throws Exception {
    Plan plan = Folders.mixed(root.resolve(folder), yaml);
    ResultsFolder results = ResultsFolder.open(root.resolve(folder), Disk.local());
    List<RunView> runs = new FolderReader(plan, results, number + ".").read();
    return new Snapshot(plan)
        .tree(runs, Optional.of(Analysis.of(plan, results.load(plan))), true, 1, "");
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Object of, String key) {
    return (List<Map<String, Object>>) ((Map<String, Object>) of).get(key);
  }

  @Test
  void sweeps_over_the_same_axes_lie_side_by_side_and_no_run_is_lost() throws Exception {
    Map<String, Object> a = snapshot("a", Folders.PLANE, 0);
    Map<String, Object> b = snapshot("b", Folders.PLANE.replace("[16, 32, 64]", "[8, 16, 32]"), 1);
    Map<String, Object> both = Union.of(List.of("a", "b"), List.of(a, b), 7, "now");
    assertThat(list(both, "sweeps")).hasSize(1);
    Map<String, Object> sweep = list(both, "sweeps").get(0);
    assertThat(list(sweep, "axes").get(0).get("values")).isEqualTo(List.of("a", "b"));
    assertThat(list(sweep, "axes").get(1).get("values").toString()).isEqualTo("[8, 16, 32, 64]");
    assertThat(list(both, "runs")).hasSize(36);
    assertThat(list(both, "runs").stream().map(r -> r.get("id")).distinct()).hasSize(36);
    List<Object> places = new ArrayList<>();
    for (Map<String, Object> run : list(both, "runs")) {
      for (Map<String, Object> place : list(run, "places")) {
        places.add(List.of(place.get("condition"), place.get("seed")));
        Map<String, Object> condition =
            list(sweep, "conditions").stream()
                .filter(c -> c.get("index").equals(place.get("condition")))
                .findFirst()
                .orElseThrow();
        String folder = run.get("folder").equals(0) ? "a" : "b";
        assertThat(((Map<?, ?>) condition.get("values")).get("folder")).isEqualTo(folder);
      }
    }
    assertThat(places).doesNotHaveDuplicates().hasSize(36);
    assertThat(list(both, "laws").stream().map(l -> l.get("name")))
        .containsExactly("a: law", "b: law");
    assertThat(list(both, "lines")).isNotEmpty();
    assertThat(list(both, "thresholds")).hasSize(1);
    assertThat(list(both, "levels").get(1).get("conditions"))
        .isEqualTo(Map.of("plane", List.of(6, 7, 8, 9, 10, 11)));
  }

  @Test
  void sweeps_over_other_axes_are_named_by_their_folder() throws Exception {
    Map<String, Object> a = snapshot("a", Folders.PLANE, 0);
    Map<String, Object> b =
        snapshot(
            "b",
            Folders.PLANE
                .replace("task.sequence_length: [64, 128]", "training.batch_size: [2, 4]")
                .replace(" * T^beta", "")
                .replace("alpha: 1.29, beta: 0.8", "alpha: 1.29")
                .replace("baseline: {T: 128}", "baseline: {training.batch_size: 4}"),
            1);
    Map<String, Object> both = Union.of(List.of("a", "b"), List.of(a, b), 7, "now");
    assertThat(list(both, "sweeps").stream().map(s -> s.get("name")))
        .containsExactly("a: plane", "b: plane");
    assertThat(list(both, "runs")).hasSize(36);
  }
}
