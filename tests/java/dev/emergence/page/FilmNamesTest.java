package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Standing.State;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Curve;
import dev.emergence.result.Picture;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which frames of a film have a name, when the file has changed since they were kept. */
class FilmNamesTest {
  /** Falls below 0.3 at step 20, below 0.1 at step 40. */
  private static final Curve CURVE =
      new Curve(
          List.of("test.loss"),
          new double[] {0, 10, 20, 30, 40, 50},
          new double[][] {{0.9}, {0.5}, {0.29}, {0.2}, {0.09}, {0.05}});

  @Test
  void a_threshold_s_name_stands_at_its_crossing_alone() {
    assertThat(names("below: 0.1", picture("plateau", 40))).containsExactly("40 plateau");
    assertThat(names("below: 0.3", picture("plateau", 20))).containsExactly("20 plateau");
    assertThat(names("below: 0.3", picture("plateau", 40))).containsExactly("40 ");
    assertThat(names("below: 0.01", picture("plateau", 40))).containsExactly("40 ");
  }

  @Test
  void with_hold_it_is_the_evaluation_that_makes_the_crossing_certain() {
    assertThat(names("below: 0.3, hold: 3", picture("plateau", 40))).containsExactly("40 plateau");
    assertThat(names("below: 0.3, hold: 3", picture("plateau", 20))).containsExactly("20 ");
  }

  @Test
  void a_name_that_the_file_no_longer_has_is_not_told() {
    assertThat(names("below: 0.1", picture("learned", 40))).containsExactly("40 ");
  }

  @Test
  void steps_and_the_end_keep_theirs() {
    assertThat(names("below: 0.1", picture("20", 20), picture("last", 50)))
        .containsExactly("20 20", "50 last");
  }

  private static Picture picture(String label, long step) {
    return new Picture(label, step, 1, 1, new double[][] {{1, 0}, {0.5, 0.5}});
  }

  private static List<String> names(String level, Picture... pictures) {
    String file = Yaml.TINY.replaceAll("below: [0-9.]+", level).replaceAll("(?s)sweeps:.*", "");
    PlannedRun run = Yaml.plan(file).runs().get(0);
    Standing standing = new Standing(run, State.COMPLETE, 50, 1, "");
    RunView view =
        new RunView(run.id(), run, standing, Optional.empty(), CURVE, Set.of(50.0), true, 0, 0);
    return ((List<?>) FilmData.of(view, List.of(pictures)).get("pictures"))
        .stream().map(p -> ((List<?>) p).get(0) + " " + ((List<?>) p).get(1)).toList();
  }
}
