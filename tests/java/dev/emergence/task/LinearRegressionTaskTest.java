package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.tensor.Backend;
import dev.emergence.theory.ToyRun;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The linear regression task, and what is fixed for a run of it. */
class LinearRegressionTaskTest implements RegressionCase {
  private final Backend backend = new ReferenceBackend();

  @Override
  public Backend backend() {
    return backend;
  }

  private static RegressionConstants constants(RunConfig config, int seed) {
    return RegressionConstants.draw((LinearRegression) config.task(), seed);
  }

  @Test
  void repetition_length_and_feature_leave_the_map_and_the_special_token_unchanged() {
    RegressionConstants plain = constants(Configs.regression(), 3);
    RegressionConstants other =
        constants(
            Configs.regression(
                "task.sequence_length=19",
                "task.relevant_feature=false",
                "task.relevant_position=fixed"),
            3);
    assertThat(other.target()).containsExactly(plain.target());
    assertThat(other.special()).containsExactly(plain.special());
    assertThat(constants(Configs.regression(), 4).target()).isNotEqualTo(plain.target());
  }

  @Test
  void constants_are_float32_numbers() {
    RegressionConstants c = constants(Configs.regression("task.dim=9"), 3);
    assertThat(Arrays.stream(c.target())).allMatch(w -> w == w.floatValue());
    assertThat(Arrays.stream(c.special())).allMatch(x -> x == x.floatValue());
  }

  @Test
  void entries_of_the_map_have_variance_one_over_d() {
    RegressionConstants c = constants(Configs.regression("task.dim=100"), 11);
    double square = Arrays.stream(c.target()).map(w -> w * w).sum();
    double sum = Arrays.stream(c.target()).sum();
    // ‖W*‖² is chi-squared with 10⁴ degrees of freedom over d: mean 100, standard deviation
    // sqrt(2); the sum has variance 100.
    assertThat(square).isCloseTo(100, within(5 * Math.sqrt(2)));
    assertThat(sum).isCloseTo(0, within(50.0));
  }

  @Test
  void unit_columns_have_norm_one() {
    double[] w = constants(Configs.regression("task.dim=7", "task.unit_columns=true"), 3).target();
    for (int j = 0; j < 7; j++) {
      int column = j;
      double square =
          IntStream.range(0, 7).mapToDouble(i -> w[i * 7 + column] * w[i * 7 + column]).sum();
      assertThat(square).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void special_tokens_are_unit_gaussian_or_the_first_basis_vector() {
    double[] unit = constants(Configs.regression("task.special_token=unit"), 3).special();
    double[] gaussian = constants(Configs.regression("task.special_token=gaussian"), 3).special();
    double norm = Math.sqrt(Arrays.stream(gaussian).map(x -> x * x).sum());
    assertThat(Arrays.stream(unit).map(x -> x * x).sum()).isCloseTo(1, within(1e-6));
    assertThat(norm).isNotCloseTo(1, within(1e-3));
    assertThat(Arrays.stream(unit).map(x -> x * norm).toArray())
        .containsExactly(gaussian, within(1e-6));
    assertThat(constants(Configs.regression("task.special_token=e1"), 3).special())
        .containsExactly(1, 0, 0, 0);
  }

  @Test
  void levels_are_the_losses_of_constant_outputs() {
    RunConfig config = config("repetition.cross_sample=0.25");
    try (Lab lab = Lab.of(config, 3)) {
      RegressionConstants c = constants(config, 3);
      double frobenius = Arrays.stream(c.target()).map(w -> w * w).sum();
      assertThat(level(lab, "test", "zero")).isCloseTo(frobenius / 8, within(1e-12));
      assertThat(level(lab, "test", "blind")).isCloseTo(frobenius / 8, within(1e-12));
      assertThat(level(lab, "test", "oracle")).isZero();
      double special = c.squaredSpecialTarget();
      assertThat(level(lab, "copies", "zero"))
          .isCloseTo((0.25 * special + 0.75 * frobenius / 4) / 2, within(1e-12));
      assertThat(level(lab, "copies", "blind"))
          .isCloseTo(level(lab, "copies", "zero") - special / 32, within(1e-12));
    }
  }

  @Test
  void the_zero_level_is_the_mean_of_half_squared_targets() {
    try (Lab lab = Lab.of(config("repetition.cross_sample=0.25"), 3)) {
      int n = 4000;
      Drawn drawn = lab.test("copies", n, 0);
      double[] losses =
          IntStream.range(0, n)
              .mapToDouble(i -> Arrays.stream(drawn.target(i)).map(y -> y * y / 2).sum())
              .toArray();
      double mean = Arrays.stream(losses).average().orElseThrow();
      double variance = Arrays.stream(losses).map(l -> (l - mean) * (l - mean)).sum() / n;
      assertThat(mean).isCloseTo(level(lab, "copies", "zero"), within(5 * Math.sqrt(variance / n)));
    }
  }

  /** Outputs are zero at the start of a flow from w = 0. */
  @Test
  void levels_of_the_reduced_model_are_losses_of_its_flow() {
    String[] sets = {
      "task.relevant_position=last",
      "task.relevant_feature=false",
      "repetition.cross_sample=0.3",
      "measurement.test_sets={test: {cross_sample: as_trained}}",
      "architecture={kind: toy}",
      "training={optimizer: {kind: gradient_flow}, max_time: 1}"
    };
    RunConfig reduced = Configs.regression(sets);
    RunConfig drawn = Configs.regression(Arrays.copyOf(sets, 4));
    double start = ToyRun.integrate(reduced).column("test.loss")[0];
    KnownLevels known = new KnownLevels();
    assertThat(known.of(new Replica(drawn, 3), "test").get(2).value()).isNotEqualTo(start);
    List<Level> levels = known.of(new Replica(reduced, 3), "test");
    assertThat(levels).extracting(Level::name).containsExactly("oracle", "blind", "zero");
    assertThat(levels.get(2).value()).isCloseTo(start, within(1e-12));
    assertThat(levels.get(1).value()).isCloseTo((1 - 0.3 * 0.3) / 2, within(1e-12));
  }

  private static double level(Lab lab, String testSet, String name) {
    return lab.task().levels(0, testSet).stream()
        .filter(l -> l.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void more_copies_than_tokens_and_unsolvable_tasks_are_refused() {
    assertThatThrownBy(() -> Configs.regression("repetition.in_context=9"))
        .hasMessageContaining("from 1 to 8, got 9");
    assertThatThrownBy(() -> Configs.regression("task.relevant_feature=false"))
        .hasMessageContaining("cannot be solved");
  }
}
