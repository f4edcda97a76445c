package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.ArchitectureSpec.Initialization;
import dev.emergence.spec.ArchitectureSpec.TokenInitialization;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.TransformerSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Initial parameters: their distributions and what they depend on. */
class InitialValuesTest {
  private static final Signature TOKENS = new Signature(9, 64, true, 48);

  private static Layout layout(Initialization how, TokenInitialization tokens, int mlpFactor) {
    return Models.create(
            Defaults.with(
                TransformerSpec.class,
                Map.of(
                    "heads",
                    3,
                    "embedding_dim",
                    48,
                    "head_dim",
                    32,
                    "mlp_factor",
                    mlpFactor,
                    "initialization",
                    how,
                    "token_initialization",
                    tokens)),
            TOKENS)
        .layout();
  }

  private static double[] part(Layout layout, float[] row, String name) {
    Layout.Part p = layout.part(name);
    return IntStream.range((int) p.start(), (int) (p.start() + p.size()))
        .mapToDouble(i -> row[i])
        .toArray();
  }

  private static double deviation(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(v -> v * v).average().orElseThrow());
  }

  @Test
  void uniform_fan_in_fills_weights_and_biases_up_to_its_bound() {
    Layout layout = layout(Initialization.UNIFORM_FAN_IN, TokenInitialization.NORMAL, 4);
    float[] row = InitialValues.draw(layout, 3);
    double bound = 1 / Math.sqrt(96);
    for (String name :
        new String[] {"blocks.0.attention.output.weight", "blocks.0.attention.output.bias"}) {
      double[] x = part(layout, row, name);
      assertThat(Arrays.stream(x).map(Math::abs).max().orElseThrow())
          .as(name)
          .isLessThanOrEqualTo(bound)
          .isGreaterThan(0.9 * bound);
      // The standard deviation of uniform noise is known to 1/sqrt(5 n) of itself; five times that.
      assertThat(deviation(x))
          .as(name)
          .isCloseTo(
              bound / Math.sqrt(3), within(bound / Math.sqrt(3) * 5 / Math.sqrt(5.0 * x.length)));
    }
  }

  @Test
  void normal_rules_have_their_deviation_and_no_biases() {
    Layout lecun = layout(Initialization.LECUN_NORMAL, TokenInitialization.NORMAL, 4);
    Layout small = layout(Initialization.NORMAL_002, TokenInitialization.LINEAR, 4);
    double[] a = part(lecun, InitialValues.draw(lecun, 3), "blocks.1.mlp.output.weight");
    double[] b = part(small, InitialValues.draw(small, 3), "blocks.1.mlp.output.weight");
    double relative = 5 / Math.sqrt(2.0 * a.length);
    assertThat(deviation(a) * Math.sqrt(192)).isCloseTo(1, within(relative));
    assertThat(deviation(b) / 0.02).isCloseTo(1, within(relative));
    assertThat(part(lecun, InitialValues.draw(lecun, 3), "readout.bias")).containsOnly(0);
    assertThat(part(small, InitialValues.draw(small, 3), "blocks.0.mlp.hidden.bias"))
        .containsOnly(0);
  }

  @Test
  void token_table_is_standard_normal_or_as_a_linear_layer() {
    Layout normal = layout(Initialization.UNIFORM_FAN_IN, TokenInitialization.NORMAL, 4);
    Layout linear = layout(Initialization.UNIFORM_FAN_IN, TokenInitialization.LINEAR, 4);
    double[] a = part(normal, InitialValues.draw(normal, 3), "embedding.weight");
    double[] b = part(linear, InitialValues.draw(linear, 3), "embedding.weight");
    assertThat(deviation(a)).isCloseTo(1, within(5 / Math.sqrt(2.0 * a.length)));
    assertThat(Arrays.stream(b).map(Math::abs).max().orElseThrow())
        .isLessThanOrEqualTo(0.125)
        .isGreaterThan(0.12);
  }

  @Test
  void a_parameter_depends_on_seed_and_name_but_not_on_its_neighbours() {
    Layout with = layout(Initialization.UNIFORM_FAN_IN, TokenInitialization.NORMAL, 4);
    Layout without = layout(Initialization.UNIFORM_FAN_IN, TokenInitialization.NORMAL, 0);
    String name = "blocks.1.attention.key.weight";
    double[] x = part(with, InitialValues.draw(with, 3), name);
    assertThat(part(without, InitialValues.draw(without, 3), name)).containsExactly(x);
    assertThat(part(with, InitialValues.draw(with, 4), name)).isNotEqualTo(x);
    assertThat(part(with, InitialValues.draw(with, 3), "blocks.0.attention.key.weight"))
        .isNotEqualTo(x);
  }

  @Test
  void names_that_would_start_from_equal_numbers_are_refused() {
    Layout.Builder b = new Layout.Builder().add("Aa", new Initial.Normal(1), 2);
    assertThatThrownBy(() -> b.add("BB", new Initial.Normal(1), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'BB'")
        .hasMessageContaining("'Aa'");
  }

  @Test
  void an_unknown_parameter_names_the_known_ones() {
    Layout layout = new Layout.Builder().add("weight", new Initial.Constant(1), 2, 3).build();
    assertThatThrownBy(() -> layout.part("wait")).hasMessage("no parameter 'wait'; known: weight");
  }
}
