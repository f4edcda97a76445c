package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.task.KnownLevels;
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

  @Test
  void a_single_seed_needs_no_name() {
    String yaml = Folders.PLANE.replace("count: 3", "count: 1");
    assertThat(LevelData.of(Yaml.plan(yaml), new KnownLevels()))
        .isNotEmpty()
        .allMatch(level -> ((Map<?, ?>) level).get("seed") == null);
  }
}
