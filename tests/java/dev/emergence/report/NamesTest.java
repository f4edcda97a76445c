package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.expr.Symbols;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What settings are called on the axes of figures. */
class NamesTest {
  private static String axis(String taskKind, Map<String, String> symbols, String name) {
    return new Names(Symbols.of(taskKind, symbols)).axis(name).letters();
  }

  @Test
  void a_setting_has_its_meaning_and_its_symbol() {
    assertThat(axis("linear_regression", Map.of(), "d")).isEqualTo("dimension d");
    assertThat(axis("linear_regression", Map.of(), "learning_rate")).isEqualTo("learning rate");
    assertThat(
            axis(
                "linear_regression", Map.of("lambda", "training.optimizer.weight_decay"), "lambda"))
        .isEqualTo("weight decay λ");
  }

  @Test
  void keys_of_thresholds_have_the_name_alone_that_the_file_gives_them() {
    Map<String, String> symbols = Map.of("row", "measurement.thresholds.skill.member");
    assertThat(axis("linear_map", symbols, "row")).isEqualTo("row");
    assertThat(axis("linear_map", symbols, "measurement.thresholds.skill.member")).isEqualTo("row");
    assertThat(axis("linear_map", Map.of(), "measurement.thresholds.skill.member"))
        .isEqualTo("member");
  }
}
