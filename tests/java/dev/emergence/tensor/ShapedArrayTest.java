package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapedArrayTest {
  private static final int[] SHAPE = {2, 2};

  @Test
  void doubles_are_shortened_only_where_that_loses_nothing() {
    double[] exact = {1.5, Double.NaN, -0.0, 0.1f};
    double[] other = {1.5, 0.1, 1e300, 2};
    assertThat(ShapedArray.lossless(SHAPE, exact).floats()).isPresent();
    assertThat(ShapedArray.lossless(SHAPE, exact).values()).containsExactly(exact);
    assertThat(ShapedArray.lossless(SHAPE, other).floats()).isEmpty();
    assertThat(ShapedArray.lossless(SHAPE, other).values()).containsExactly(other);
  }

  @Test
  void as_many_numbers_as_the_shape_says_are_needed() {
    assertThatThrownBy(() -> new ShapedArray(SHAPE, new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an array of shape [2, 2] has 4 values, got 3");
    assertThat(ShapedArray.scalar(7).size()).isEqualTo(1);
    assertThat(ShapedArray.scalar(7).shape()).isEmpty();
  }
}
