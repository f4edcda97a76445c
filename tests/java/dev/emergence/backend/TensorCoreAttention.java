package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.AttentionBiasContract;
import dev.emergence.tensor.AttentionCase;
import dev.emergence.tensor.AttentionStatisticsContract;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Bench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Attention on tensor cores, whose instructions the emulation carries out bit by bit, held to the
 * same float64 reference over the same table of shapes as float32.
 *
 * <p>Rounding a number costs at most a unit of it. Scores of queries and keys of size one, divided
 * by sqrt(Dh), are off by about half a unit, since the errors of the products point in random
 * directions; the weights, which are rounded themselves, and the values add as much again. So an
 * output is off by about one unit of its typical size, of thousands the worst by some five to six;
 * in the gradients more rounded numbers meet (dO, O, P, dS), and the worst is off by twelve.
 * Neither grows with the length: an average of more keys has more errors that cancel.
 */
abstract class TensorCoreAttention implements AttentionStatisticsContract, AttentionBiasContract {
  private final Arithmetic arithmetic;
  private final double unit;

  TensorCoreAttention(Arithmetic arithmetic, double unit) {
    this.arithmetic = arithmetic;
    this.unit = unit;
  }

  @BeforeEach
  void choose() {
    backend().arithmetic(arithmetic);
  }

  @AfterEach
  void restore() {
    backend().arithmetic(Arithmetic.FLOAT32);
  }

  @Override
  public double attentionRounding(AttentionCase c) {
    return 8 * unit;
  }

  private double[] output(Arithmetic chosen, int queries) {
    backend().arithmetic(chosen);
    AttentionCase c =
        new AttentionCase(1, 2, 1, queries, 40, 24, false, false, AttentionCase.Layout.APART);
    try (Bench bench = new Bench(backend(), false)) {
      Attention a = c.on(bench);
      backend().attention(a);
      return bench.read("out");
    }
  }

  @Test
  void tokens_are_mixed_in_the_arithmetic_asked_for() {
    double[] exact = output(Arithmetic.FLOAT32, 40);
    double[] rounded = output(arithmetic, 40);
    double worst = 0;
    for (int i = 0; i < exact.length; i++) {
      worst = Math.max(worst, Math.abs(exact[i] - rounded[i]));
    }
    assertThat(worst).isBetween(unit / 16, 4 * unit);
  }

  @Test
  void a_single_query_is_exact_whatever_the_arithmetic() {
    assertThat(output(arithmetic, 1)).isEqualTo(output(Arithmetic.FLOAT32, 1));
  }

  /** A GPU of its own for each class. */
  static Backend emulated() {
    return CudaUnderTest.emulated();
  }
}
