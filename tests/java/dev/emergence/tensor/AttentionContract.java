package dev.emergence.tensor;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fused attention, its gradients, and the unfused probabilities. */
public interface AttentionContract extends BackendUnderTest {
  /**
   * What an entropy of 0 may be off by: where one weight is 1 to rounding, p log p is off by half a
   * unit in the last place.
   */
  double NO_ENTROPY = 0x1p-24;

  /**
   * What attention may be off by, times (size of the value + root mean square of its tensor);
   * gradients by twice that. Scores are sums over the head, outputs and gradients sums over the
   * keys, and each passes through an exponential.
   */
  default double attentionRounding(AttentionCase c) {
    return rounding() * (2 + Math.sqrt(c.headDim()) / 4 + Math.sqrt(c.keys()) / 4);
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.AttentionCase#all")
  default void attention_and_its_probabilities_follow_the_definition(AttentionCase c) {
    Bench.agree(
        backend(),
        attentionRounding(c),
        bench -> {
          Attention a = c.on(bench);
          Tensor p = bench.output("p", c.replicas(), c.batch(), c.heads(), c.queries(), c.keys());
          bench.run(
              () -> {
                bench.backend().attention(a);
                bench.backend().attentionProbabilities(a, p);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.AttentionCase#all")
  default void attention_backward_follows_the_definition(AttentionCase c) {
    Bench.agree(
        backend(),
        attentionRounding(c) * 2,
        bench -> {
          Attention a = c.on(bench);
          Attention.Gradient g = c.gradient(bench, a);
          bench.run(
              () -> {
                bench.backend().attention(a);
                bench.backend().attentionBackward(g);
              });
        });
  }

  /** Values of one head of one sequence, Q, K, V being (L, Dh). */
  record Given(
      double[] q, double[] k, double[] v, int headDim, boolean causal, Optional<double[]> bias) {}

  /** Plays forward, probabilities and backward on given values, within so many roundings. */
  private void agreeOn(Given given, double slack) {
    double[] q = given.q();
    double[] k = given.k();
    double[] v = given.v();
    int headDim = given.headDim();
    int queries = q.length / headDim;
    int keys = k.length / headDim;
    AttentionCase c =
        new AttentionCase(
            1, 1, 1, queries, keys, headDim, given.causal(), false, AttentionCase.Layout.APART);
    Bench.agree(
        backend(),
        attentionRounding(c) * slack,
        bench -> {
          Optional<Tensor> added = given.bias().map(b -> bench.values("bias", b, 1, queries, keys));
          Attention a =
              new Attention(
                  bench.values("q", q, 1, q.length),
                  bench.values("k", k, 1, k.length),
                  bench.values("v", v, 1, v.length),
                  added,
                  bench.output("out", 1, q.length),
                  bench.output("lse", 1, 1, 1, queries),
                  c.shape(),
                  1);
          Attention.Gradient g = c.gradient(bench, a);
          Tensor p = bench.output("p", 1, 1, 1, queries, keys);
          bench.run(
              () -> {
                bench.backend().attention(a);
                bench.backend().attentionProbabilities(a, p);
                bench.backend().attentionBackward(g);
              });
        });
  }

  private static double[] ramp(int n, double from, double by) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> (float) (from + by * i));
    return values;
  }

  @Test
  default void equal_scores_average_the_values() {
    agreeOn(
        new Given(
            new double[35 * 4],
            ramp(35 * 4, -1, 0.25),
            ramp(35 * 4, 2, -0.125),
            4,
            false,
            Optional.empty()),
        4);
    agreeOn(
        new Given(
            new double[35 * 4],
            ramp(35 * 4, -1, 0.25),
            ramp(35 * 4, 2, -0.125),
            4,
            true,
            Optional.empty()),
        4);
  }

  @Test
  default void one_huge_score_takes_all_and_stays_finite() {
    // dP - delta cancels here, so that the rounding of both sums is large beside it.
    double[] k = ramp(20 * 3, -0.5, 0.015625);
    k[3 * 11] = 30000;
    agreeOn(
        new Given(ramp(20 * 3, 1, 0.5), k, ramp(20 * 3, 3, 0.25), 3, false, Optional.empty()), 16);
    k[3 * 11] = -30000;
    agreeOn(
        new Given(ramp(20 * 3, 1, 0.5), k, ramp(20 * 3, 3, 0.25), 3, true, Optional.empty()), 16);
  }

  /** What a product loses of a value's last bits it must lose of the output, too. */
  @Test
  default void a_weight_of_one_has_no_gradient_whatever_the_value() {
    int n = 40;
    double[] k = ramp(n * 16, -0.5, 0.015625);
    k[16 * 23] = 30000;
    double[] v = ramp(n * 16, 1.0 / 3, 0.0123456789);
    agreeOn(new Given(ramp(n * 16, 1, 0.5), k, v, 16, false, Optional.empty()), 16);
  }

  @Test
  default void a_bias_of_minus_infinity_hides_keys_and_whole_rows() {
    int n = 19;
    double[] bias = ramp(n * n, -1, 0.0078125);
    for (int j = 0; j < n; j++) {
      bias[4 * n + j] = Double.NEGATIVE_INFINITY;
      bias[j * n + 7] = Double.NEGATIVE_INFINITY;
    }
    agreeOn(
        new Given(
            ramp(n * 5, -2, 0.0625),
            ramp(n * 5, 1, -0.03125),
            ramp(n * 5, 3, 0.25),
            5,
            false,
            Optional.of(bias)),
        4);
    agreeOn(
        new Given(
            ramp(n * 5, -2, 0.0625),
            ramp(n * 5, 1, -0.03125),
            ramp(n * 5, 3, 0.25),
            5,
            true,
            Optional.of(bias)),
        4);
  }
}
