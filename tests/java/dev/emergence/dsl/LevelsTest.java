package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.Condition;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thresholds whose levels are expressions of the symbols. */
class LevelsTest {
  private static Reading read(String level) {
    return SpecReader.read(
        "x.yaml",
        """
        dsl: 1
        name: x
        task: {kind: linear_regression, dim: 8, sequence_length: 16}
        measurement:
          thresholds: {plateau: {metric: test.loss, below: %s}}
        sweeps: {sizes: {grid: {task.dim: [4, 8]}}}
        """
            .formatted(level),
        ReadOptions.none());
  }

  @Test
  void each_condition_has_the_level_of_its_own_values() {
    Reading reading = read("\"ln2 * (1 - 0.5/(2*d-1))\"");
    assertThat(reading.toText()).isEmpty();
    List<Condition> conditions = reading.spec().orElseThrow().sweeps().get("sizes").conditions();
    assertThat(conditions)
        .extracting(c -> c.config().measurement().thresholds().get("plateau").below().orElseThrow())
        .satisfiesExactly(
            four -> assertThat(four).isCloseTo(Math.log(2) * (1 - 0.5 / 7), within(1e-15)),
            eight -> assertThat(eight).isCloseTo(Math.log(2) * (1 - 0.5 / 15), within(1e-15)));
  }

  @Test
  void quotes_are_needed_only_where_yaml_needs_them() {
    Threshold plateau =
        read("0.5*d").spec().orElseThrow().base().measurement().thresholds().get("plateau");
    assertThat(plateau.below()).contains(4.0);
  }

  @Test
  void an_unknown_name_is_told() {
    assertThat(read("0.5 * S").toText())
        .contains("x.yaml:5:52: error E135: 'S' is no symbol", "also ln2");
  }

  @Test
  void a_mistake_in_the_expression_is_told_where_it_is() {
    assertThat(read("0.5 * (d + ").toText()).contains("x.yaml:5:", "error E130");
  }

  @Test
  void a_level_without_a_value_is_told() {
    assertThat(read("1 / (d - d)").toText()).contains("E133");
  }
}
