package dev.emergence.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of when a level was crossed where values are missing or have no logarithm. */
class EmergenceBracketTest {
  private static final double NAN = Double.NaN;

  /** Half of the way from 3 to -1, or from -1 to 3, is 1. */
  @Test
  void interpolation_is_linear_between_values_of_different_signs() {
    assertThat(reached(below(1), 3, -1).interpolated()).isEqualTo(25);
    assertThat(reached(above(1), -1, 3).interpolated()).isEqualTo(25);
    assertThat(reached(above(2), -1, 3).interpolated()).isEqualTo(37.5);
  }

  @Test
  void what_was_not_measured_at_the_end_says_nothing_of_when_it_was_not_crossed() {
    assertThat(read(below(0.1), 0.5, 0.4, NAN, NAN))
        .isEqualTo(new Emergence.Unreached("plateau", 50));
    assertThat(read(below(0.1), NAN, NAN)).isEqualTo(new Emergence.Unreached("plateau", 0));
  }

  @Test
  void the_first_measured_value_that_passes_has_no_bracket() {
    Emergence.Reached reached = reached(below(0.1), NAN, NAN, 0.05);
    assertThat(reached.step()).isEqualTo(100);
    assertThat(reached.lower()).isEqualTo(100);
    assertThat(reached.interpolated()).isEqualTo(100);
  }

  /** Just at the level it is not higher. */
  @Test
  void what_was_only_at_the_level_from_which_a_fall_counts_was_not_above_it() {
    Threshold from = EmergenceTest.from(below(0.1), 0.5);
    assertThat(read(from, 0.5, 0.05)).isInstanceOf(Emergence.Unreached.class);
    assertThat(read(from, 0.51, 0.05)).isInstanceOf(Emergence.Reached.class);
  }

  private static Threshold below(double level) {
    return new Threshold("test.loss", Optional.of(level), Optional.empty(), Relative.ABSOLUTE, 1);
  }

  private static Threshold above(double level) {
    return new Threshold("test.loss", Optional.empty(), Optional.of(level), Relative.ABSOLUTE, 1);
  }

  private static Emergence.Reached reached(Threshold threshold, double... values) {
    return (Emergence.Reached) read(threshold, values);
  }

  /** Evaluated every 50 steps. */
  private static Emergence read(Threshold threshold, double... values) {
    double[] steps = new double[values.length];
    Arrays.setAll(steps, i -> 50 * i);
    double[][] rows =
        Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    return Emergence.of(new Curve(List.of("test.loss"), steps, rows), "plateau", threshold);
  }
}
