package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.task.KnownLevels;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LevelDataTest {
  @Test
  void a_level_that_depends_on_the_seed_says_of_which_it_is() {
    for (Object level : LevelData.of(Yaml.plan(Folders.PLANE), new KnownLevels())) {
      boolean exact = ((Map<?, ?>) level).get("name").equals("oracle");
      assertThat(((Map<?, ?>) level).get("seed")).as("%s", level).isEqualTo(exact ? null : 0);
    }
  }

  /** A map that is drawn once for all seeds has one level, that of the first seed. */
  @Test
  void levels_are_those_of_what_a_run_draws() {
    Map<String, Object> own = zero("count: 1, first: 7");
    assertThat(zero("count: 3, first: 7, vary: [init, data]")).isEqualTo(own);
    assertThat(zero("count: 3, first: 7, vary: [task]").get("value")).isEqualTo(own.get("value"));
    assertThat(zero("count: 3, first: 7, vary: [task]").get("seed")).isEqualTo(7);
    Plan unpaired = plan("count: 1, first: 7, paired: false");
    Replica drawn =
        new Replica(unpaired.runs().get(0).run().config(), unpaired.runs().get(0).run().seed());
    assertThat(zero("count: 1, first: 7, paired: false").get("value"))
        .isEqualTo(
            Tasks.levels(drawn, "test").stream()
                .filter(level -> level.name().equals("zero"))
                .findFirst()
                .orElseThrow()
                .value())
        .isNotEqualTo(own.get("value"));
  }

  private static Plan plan(String seeds) {
    return Yaml.plan(
        """
        dsl: 1
        name: levels
        task: {kind: linear_regression, dim: 4, sequence_length: 6}
        seeds: {%s}
        sweeps: {all: {}}
        """
            .formatted(seeds));
  }

  /** What is said of the one level zero. */
  private static Map<String, Object> zero(String seeds) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Object level : LevelData.of(plan(seeds), new KnownLevels())) {
      Map<String, Object> named = new LinkedHashMap<>();
      ((Map<?, ?>) level).forEach((key, value) -> named.put((String) key, value));
      if ("zero".equals(named.get("name"))) {
        all.add(named);
      }
    }
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  @Test
  void a_single_seed_needs_no_name() {
    String yaml = Folders.PLANE.replace("count: 3", "count: 1");
    assertThat(LevelData.of(Yaml.plan(yaml), new KnownLevels()))
        .isNotEmpty()
        .allMatch(level -> ((Map<?, ?>) level).get("seed") == null);
  }
}
