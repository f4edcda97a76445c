package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.tensor.Cases.Rows;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses of targets of which some are not scored. */
public interface ScoredContract extends BackendUnderTest {

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void targets_of_minus_one_take_no_part_in_loss_and_gradient(Rows s) {
    // Replica 0 scores two rows of three, replica 1 none, replica 2 the last row alone.
    scored(s, n -> n % 3 == 1 ? -1 : n % s.columns(), n -> -1, n -> n == s.rows() - 1 ? 0 : -1);
  }

  private void scored(Rows s, IntUnaryOperator... classes) {
    int[] targets = new int[s.replicas() * s.rows()];
    Arrays.setAll(targets, i -> classes[i / s.rows()].applyAsInt(i % s.rows()));
    Bench.agree(
        backend(),
        rounding() * (1 + Math.sqrt(s.columns()) / 4),
        bench -> {
          Tensor logits = bench.normal("logits", s.replicas(), s.rows(), s.columns());
          Tensor target = bench.integers("target", targets, s.replicas(), s.rows());
          Tensor loss = bench.output("loss", s.replicas(), s.rows());
          Tensor correct = bench.output("correct", s.replicas(), s.rows());
          Tensor d = bench.output("dLogits", s.replicas(), s.rows(), s.columns());
          Tensor mean = bench.output("mean", s.replicas());
          Tensor alone = bench.output("alone", s.replicas(), s.rows());
          bench.run(
              () -> {
                Backend b = bench.backend();
                b.crossEntropy(logits, target, loss, correct, Optional.of(d));
                b.meanScored(loss, target, mean);
                b.crossEntropy(logits, target, alone, correct, Optional.empty());
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void the_mean_over_scored_elements_leaves_out_the_others_whatever_they_are(Rows s) {
    double[] values = new double[s.replicas() * s.rows() * s.columns()];
    int[] targets = new int[values.length];
    Arrays.setAll(targets, i -> (i * 7) % 5 < 2 ? -1 : i);
    Arrays.setAll(values, i -> targets[i] < 0 ? Double.NaN : (i % 11) * 0.125 - 0.5);
    long size = (long) s.rows() * s.columns();
    Bench.agree(
        backend(),
        rounding() * 4,
        bench -> {
          Tensor x = bench.values("x", values, s.replicas(), size);
          Tensor target = bench.integers("target", targets, s.replicas(), size);
          Tensor mean = bench.output("mean", s.replicas());
          bench.run(() -> bench.backend().meanScored(x, target, mean));
        });
  }

  @Test
  default void where_all_are_scored_the_mean_has_the_bits_of_the_plain_mean() {
    for (int size : new int[] {1, 3, 17, 1000, 40_001}) {
      try (Bench bench = new Bench(backend(), false)) {
        Tensor x = bench.normal("x", 2, size);
        Tensor target = bench.below("target", 5, 2, size);
        Tensor plain = bench.output("plain", 2);
        Tensor scored = bench.output("scored", 2);
        backend().mean(x, plain);
        backend().meanScored(x, target, scored);
        assertThat(backend().doubles(scored))
            .as("%d elements", size)
            .containsExactly(backend().doubles(plain));
      }
    }
  }
}
