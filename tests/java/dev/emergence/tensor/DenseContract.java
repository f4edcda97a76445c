package dev.emergence.tensor;

import dev.emergence.tensor.Cases.Product;
import dev.emergence.tensor.Cases.Rows;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products, plain arithmetic, and the fused passes around them. */
public interface DenseContract extends BackendUnderTest {

  /** Rounding of a sum of n products: it grows with the root of n for random signs. */
  private double rounding(int n) {
    return rounding() * (1 + Math.sqrt(n) / 8);
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#products")
  default void gemm_multiplies_each_replica_in_every_transposition(Product p) {
    for (int trans = 0; trans < 4; trans++) {
      boolean transA = (trans & 1) != 0;
      boolean transB = (trans & 2) != 0;
      Bench.agree(
          backend(),
          rounding(p.k()),
          bench -> {
            Tensor a =
                transA
                    ? bench.normal("a", p.replicas(), p.k(), p.m())
                    : bench.normal("a", p.replicas(), p.m(), p.k());
            Tensor b =
                transB
                    ? bench.normal("b", p.replicas(), p.n(), p.k())
                    : bench.normal("b", p.replicas(), p.k(), p.n());
            Tensor c = bench.output("c", p.replicas(), p.m(), p.n());
            Tensor sum = bench.normal("sum", p.replicas(), p.m(), p.n());
            bench.run(
                () -> {
                  bench.backend().gemm(transA, transB, a, b, 0, c);
                  bench.backend().gemm(transA, transB, a, b, 1, sum);
                });
          });
    }
  }

  @Test
  default void gemm_scales_what_it_adds_to_by_beta() {
    Bench.agree(
        backend(),
        rounding(6),
        bench -> {
          Tensor a = bench.normal("a", 2, 4, 6);
          Tensor b = bench.normal("b", 2, 5, 6);
          Tensor c = bench.normal("c", 2, 4, 5);
          bench.run(() -> bench.backend().gemm(false, true, a, b, -0.75f, c));
        });
  }

  @Test
  default void gemm_flattens_leading_dimensions_to_rows() {
    Bench.agree(
        backend(),
        rounding(5),
        bench -> {
          Tensor a = bench.normal("a", 2, 3, 4, 5);
          Tensor b = bench.normal("b", 2, 7, 5);
          Tensor c = bench.output("c", 2, 3, 4, 7);
          Tensor gradient = bench.output("gradient", 2, 7, 5);
          bench.run(
              () -> {
                bench.backend().gemm(false, true, a, b, 0, c);
                bench.backend().gemm(true, false, c, a, 0, gradient);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void zero_copy_and_accumulate_touch_every_element_once(Rows s) {
    Bench.agree(
        backend(),
        rounding(),
        bench -> {
          Tensor x = bench.normal("x", s.replicas(), s.rows(), s.columns());
          Tensor y = bench.normal("y", s.replicas(), s.rows(), s.columns());
          Tensor copy = bench.output("copy", s.replicas(), s.rows(), s.columns());
          Tensor zero = bench.output("zero", s.replicas(), s.rows(), s.columns());
          Tensor tokens = bench.below("tokens", 9, s.replicas(), s.rows(), s.columns());
          Tensor tokenCopy = bench.integerOutput("tokenCopy", s.replicas(), s.rows(), s.columns());
          Tensor noToken = bench.integerOutput("noToken", s.replicas(), s.rows(), s.columns());
          bench.run(
              () -> {
                bench.backend().accumulate(x, y);
                bench.backend().copy(x, copy);
                bench.backend().zero(zero);
                bench.backend().copy(tokens, tokenCopy);
                bench.backend().zero(noToken);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void bias_and_activation_run_forward_and_backward(Rows s) {
    for (Activation activation : Activation.values()) {
      Bench.agree(
          backend(),
          rounding(s.rows()),
          bench -> {
            Tensor z = bench.normal("z", s.replicas(), s.rows(), s.columns());
            Tensor bias = bench.normal("bias", s.replicas(), s.columns());
            Tensor out = bench.output("out", s.replicas(), s.rows(), s.columns());
            Tensor dOut = bench.normal("dOut", s.replicas(), s.rows(), s.columns());
            Tensor dZ = bench.output("dZ", s.replicas(), s.rows(), s.columns());
            Tensor dBias = bench.output("dBias", s.replicas(), s.columns());
            Tensor again = bench.output("again", s.replicas(), s.columns());
            bench.run(
                () -> {
                  bench.backend().biasActivation(z, bias, activation, out);
                  bench.backend().biasActivationBackward(dOut, z, dZ, dBias);
                  bench.backend().biasActivationBackward(dOut, z, dOut, again);
                });
          });
    }
  }

  @Test
  default void activations_stay_exact_far_from_zero() {
    double[] far = {-1e30, -40, -12, -6, -5.5, -3, -0.0, 0, 1e-30, 1e-4, 3, 5.5, 6, 12, 40, 1e30};
    for (Activation activation : Activation.values()) {
      // The floor is the rounding of 1 + erf, which the left tail cannot go below in float32.
      Bench.agree(
          backend(),
          rounding(),
          0x1p-20,
          bench -> {
            // One element a tensor: the root mean square of large ones would hide the small.
            for (int i = 0; i < far.length; i++) {
              Tensor z = bench.values("z" + i, new double[] {(float) far[i]}, 1, 1, 1);
              Tensor bias = bench.values("bias" + i, new double[1], 1, 1);
              Tensor out = bench.output("out" + i, 1, 1, 1);
              Tensor dOut = bench.values("dOut" + i, new double[] {1}, 1, 1, 1);
              Tensor dZ = bench.output("dZ" + i, 1, 1, 1);
              Tensor dBias = bench.output("dBias" + i, 1, 1);
              bench.run(
                  () -> {
                    bench.backend().biasActivation(z, bias, activation, out);
                    bench.backend().biasActivationBackward(dOut, z, dZ, dBias);
                  });
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void bias_and_residual_may_share_their_output(Rows s) {
    Bench.agree(
        backend(),
        rounding(s.rows()),
        bench -> {
          Tensor y = bench.normal("y", s.replicas(), s.rows(), s.columns());
          Tensor bias = bench.normal("bias", s.replicas(), s.columns());
          Tensor residual = bench.normal("residual", s.replicas(), s.rows(), s.columns());
          Tensor shared = bench.normal("shared", s.replicas(), s.rows(), s.columns());
          Tensor out = bench.output("out", s.replicas(), s.rows(), s.columns());
          Tensor alone = bench.output("alone", s.replicas(), s.rows(), s.columns());
          Tensor dBias = bench.output("dBias", s.replicas(), s.columns());
          bench.run(
              () -> {
                bench.backend().biasResidual(y, bias, Optional.of(residual), out);
                bench.backend().biasResidual(y, bias, Optional.empty(), alone);
                bench.backend().biasBackward(residual, dBias);
                bench.backend().biasResidual(y, bias, Optional.of(residual), residual);
                bench.backend().biasResidual(shared, bias, Optional.of(y), shared);
                bench.backend().biasResidual(y, bias, Optional.empty(), y);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void layer_norm_runs_forward_and_backward(Rows s) {
    layerNorm(s, true);
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void layer_norm_without_its_scale_centres_rows(Rows s) {
    layerNorm(s, false);
  }

  private void layerNorm(Rows s, boolean scaled) {
    Bench.agree(
        backend(),
        rounding(s.rows()) * 4,
        bench -> {
          Tensor x = bench.normal("x", s.replicas(), s.rows(), s.columns());
          Tensor gamma = bench.normal("gamma", s.replicas(), s.columns());
          Tensor beta = bench.normal("beta", s.replicas(), s.columns());
          Tensor out = bench.output("out", s.replicas(), s.rows(), s.columns());
          Tensor mean = bench.output("mean", s.replicas(), s.rows());
          Optional<Tensor> rstd =
              scaled ? Optional.of(bench.output("rstd", s.replicas(), s.rows())) : Optional.empty();
          Tensor dOut = bench.normal("dOut", s.replicas(), s.rows(), s.columns());
          Tensor dX = bench.output("dX", s.replicas(), s.rows(), s.columns());
          Tensor sum = bench.normal("sum", s.replicas(), s.rows(), s.columns());
          Tensor more = bench.normal("more", s.replicas(), s.rows(), s.columns());
          Tensor both = bench.output("both", s.replicas(), s.rows(), s.columns());
          Tensor dGamma = bench.output("dGamma", s.replicas(), s.columns());
          Tensor dBeta = bench.output("dBeta", s.replicas(), s.columns());
          bench.run(
              () -> {
                Backend b = bench.backend();
                b.layerNorm(x, gamma, beta, out, mean, rstd);
                b.layerNormBackward(
                    new Backend.LayerNormGradient(
                        dOut, x, gamma, mean, rstd, dX, Optional.empty(), dGamma, dBeta));
                b.layerNormBackward(
                    new Backend.LayerNormGradient(
                        dOut, x, gamma, mean, rstd, sum, Optional.of(sum), dGamma, dBeta));
                b.layerNormBackward(
                    new Backend.LayerNormGradient(
                        dOut, x, gamma, mean, rstd, both, Optional.of(more), dGamma, dBeta));
                b.layerNormBackward(
                    new Backend.LayerNormGradient(
                        dOut, x, gamma, mean, rstd, dOut, Optional.empty(), dGamma, dBeta));
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void the_scale_of_layer_norm_runs_behind_a_product(Rows s) {
    int width = s.columns() + 5;
    Bench.agree(
        backend(),
        rounding(s.rows()) * 4,
        bench -> {
          Tensor z = bench.normal("z", s.replicas(), s.rows(), s.columns());
          Tensor bias = bench.normal("bias", s.replicas(), s.columns());
          Tensor x = bench.normal("x", s.replicas(), s.rows(), width);
          Tensor mean = bench.normal("mean", s.replicas(), s.rows());
          Tensor rstd = bench.normal("rstd", s.replicas(), s.rows());
          Tensor dOut = bench.normal("dOut", s.replicas(), s.rows(), s.columns());
          Tensor dZ = bench.output("dZ", s.replicas(), s.rows(), s.columns());
          Tensor dBias = bench.output("dBias", s.replicas(), s.columns());
          Tensor again = bench.output("again", s.replicas(), s.columns());
          Tensor dX = bench.normal("dX", s.replicas(), s.rows(), width);
          bench.run(
              () -> {
                Backend b = bench.backend();
                b.normScale(z, rstd, bias);
                b.normScaleBackward(
                    new Backend.NormScaleGradient(dOut, z, bias, x, mean, rstd, dZ, dBias, dX));
                b.normScaleBackward(
                    new Backend.NormScaleGradient(dOut, z, bias, x, mean, rstd, dOut, again, dX));
              });
        });
  }
}
