package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final List<String> PARTS = List.of("sweeps", "laws", "claims", "notes");

  private static Map<String, Object> tree(Snapshot of, Optional<Analysis> analysis) {
    return of.tree(List.of(), analysis, true, 0, "");
  }

  @Test
  void what_follows_from_an_analysis_is_made_once_and_anew_for_the_next_one() {
    Plan plan = Yaml.plan(Folders.PLANE);
    Snapshot shape = new Snapshot(plan);
    Map<String, Object> before = tree(shape, Optional.empty());
    Analysis early = Analysis.of(plan, Map.of());
    Map<String, Object> first = tree(shape, Optional.of(early));
    Map<String, Object> again = tree(shape, Optional.of(early));
    for (String part : PARTS) {
      assertThat(again.get(part)).as(part).isSameAs(first.get(part));
    }
    assertThat(before.get("laws")).isEqualTo(List.of());
    Analysis late = Analysis.of(plan, Fabricated.runs(plan, (c, seed) -> 100 + 10 * seed));
    Map<String, Object> next = tree(shape, Optional.of(late));
    for (String part : List.of("sweeps", "laws", "claims")) {
      assertThat(next.get(part)).as(part).isNotEqualTo(first.get(part));
    }
    assertThat(next).isEqualTo(tree(new Snapshot(plan), Optional.of(late)));
  }
}
