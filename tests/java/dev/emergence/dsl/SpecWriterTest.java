package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.dsl.SpecWriter.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpecWriterTest {
  private static String written(Setting... settings) {
    return SpecWriter.write(Arrays.asList(settings));
  }

  @Test
  void values_stand_under_their_paths_in_the_order_of_a_file() {
    String file =
        written(
            new Setting("training.max_steps", 40),
            new Setting("task", Map.of("kind", "linear_regression")),
            new Setting("task.dim", 4),
            new Setting("name", "small"),
            new Setting("sweeps.s.grid", Map.of("task.dim", List.of(2, 4))));
    assertThat(file).contains("dim: 4", "max_steps: 40", "task.dim: [2, 4]");
    assertThat(file.indexOf("name: small")).isLessThan(file.indexOf("linear_regression"));
    assertThat(file.indexOf("linear_regression")).isLessThan(file.indexOf("max_steps"));
    assertThat(file.indexOf("max_steps")).isLessThan(file.indexOf("sweeps"));
  }

  @Test
  void a_later_value_takes_the_place_of_an_earlier_one_and_nothing_takes_it_away() {
    Setting first = new Setting("task.dim", 4);
    assertThat(written(first, new Setting("task.dim", 6))).contains("dim: 6").doesNotContain("4");
    Setting away = new Setting("task.dim", null);
    Setting other = new Setting("task.sequence_length", 8);
    assertThat(written(first, other, away)).contains("sequence_length: 8").doesNotContain("dim: 4");
    assertThat(written(away, other)).isEqualTo(written(other));
  }

  @Test
  void what_is_no_path_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Setting("task..dim", 4))
        .withMessageContaining("task..dim");
  }
}
