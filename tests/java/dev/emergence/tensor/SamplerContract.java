package dev.emergence.tensor;

import dev.emergence.tensor.LinearRegressionDraw.Positions;
import dev.emergence.tensor.RecallDraw.Placement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samplers: integers bit for bit, Gaussians to the last bits. */
public interface SamplerContract extends BackendUnderTest {

  /**
   * A normal number of size 5.77 at most comes of a logarithm, a root and a cosine whose argument
   * is rounded.
   */
  private double gaussians(int dim) {
    return rounding() * (1 + Math.sqrt(dim) / 8);
  }

  /** Batches of linear regression; B of replica r is copies[r]. */
  record Regression(
      int samples, int length, int dim, boolean feature, Positions positions, int... copies) {
    @Override
    public String toString() {
      return samples
          + "x"
          + length
          + "x"
          + dim
          + (feature ? "+1 " : " ")
          + positions
          + " B="
          + Arrays.toString(copies);
    }
  }

  /** Batches of recall; B of replica r is copies[r]. */
  record Recall(int samples, int pairs, int tokens, Placement placement, int... copies) {
    @Override
    public String toString() {
      return samples
          + "x"
          + pairs
          + "/"
          + tokens
          + " "
          + placement
          + " B="
          + Arrays.toString(copies);
    }
  }

  /** Ones, odd sizes, B = T. */
  static List<Regression> regressions() {
    return List.of(
        new Regression(1, 1, 1, true, Positions.LAST, 1),
        new Regression(3, 5, 3, false, Positions.LAST, 1, 5),
        new Regression(4, 17, 16, true, Positions.RANDOM, 1, 2, 17),
        new Regression(33, 16, 7, true, Positions.RANDOM, 16, 3),
        new Regression(2, 65, 33, true, Positions.FIXED, 4, 1, 65),
        new Regression(5, 9, 64, false, Positions.FIXED, 2),
        new Regression(2, 256, 5, true, Positions.RANDOM, 16));
  }

  /** Ones, odd sizes, N = V, B = N. */
  static List<Recall> recalls() {
    return List.of(
        new Recall(1, 1, 2, Placement.AT_LEAST_ONE, 1),
        new Recall(40, 8, 32, Placement.AT_LEAST_ONE, 1, 4, 8),
        new Recall(33, 7, 9, Placement.BINOMIAL, 1, 3),
        new Recall(64, 5, 64, Placement.BINOMIAL_POSITIVE, 1, 2, 5),
        new Recall(17, 16, 16, Placement.EXACTLY, 1, 16, 5),
        new Recall(9, 32, 256, Placement.EXACTLY, 8),
        new Recall(9, 33, 33, Placement.AT_LEAST_ONE, 2));
  }

  /** p of replica r; 0.3 and 0.7 are not float32 numbers. */
  private static double[] probabilities(int replicas) {
    return Arrays.copyOf(new double[] {0.3, 0.7, 1}, replicas);
  }

  /** Data sets of replica r; 0 is endless. */
  private static int[] datasets(int replicas) {
    return Arrays.copyOf(new int[] {0, 3, 1 << 30}, replicas);
  }

  private static int[] keys(int replicas) {
    return new Random(5).ints(2L * replicas).toArray();
  }

  private static int[] steps(int replicas) {
    return Arrays.copyOf(new int[] {1, -2, 70000}, replicas);
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.SamplerContract#regressions")
  default void linear_regression_is_drawn_as_defined(Regression c) {
    int r = c.copies().length;
    int[] permutations = new int[r * c.length()];
    for (int i = 0; i < permutations.length; i++) {
      // Multiplying by 7 permutes 0..T-1 for every T of the cases.
      permutations[i] = (7 * (i % c.length()) + i / c.length()) % c.length();
    }
    Bench.agree(
        backend(),
        gaussians(c.dim()),
        bench -> {
          LinearRegressionDraw draw =
              new LinearRegressionDraw(
                  bench.integers("keys", keys(r), r, 2),
                  bench.integers("step", steps(r), r),
                  bench.values("crossSample", probabilities(r), r),
                  bench.integers("inContext", c.copies(), r),
                  bench.integers("dataset", datasets(r), r),
                  bench.normal("target", r, c.dim(), c.dim()),
                  bench.normal("special", r, c.dim()),
                  bench.integers("fixedPositions", permutations, r, c.length()),
                  c.positions(),
                  c.feature(),
                  bench.output("x", r, c.samples(), c.length(), c.dim() + (c.feature() ? 1 : 0)),
                  bench.output("y", r, c.samples(), c.dim()),
                  bench.integerOutput("relevant", r, c.samples(), c.length()));
          bench.run(() -> bench.backend().sampleLinearRegression(draw));
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.SamplerContract#recalls")
  default void recall_is_drawn_as_defined_bit_for_bit(Recall c) {
    int r = c.copies().length;
    long length = 2L * c.pairs() + 1;
    Bench.agree(
        backend(),
        0x1p-24,
        bench -> {
          RecallDraw draw =
              new RecallDraw(
                  bench.integers("keys", keys(r), r, 2),
                  bench.integers("step", steps(r), r),
                  bench.values("crossSample", probabilities(r), r),
                  bench.integers("inContext", c.copies(), r),
                  bench.integers("dataset", datasets(r), r),
                  bench.below("favoured", c.tokens(), r, 3),
                  c.tokens(),
                  c.placement(),
                  bench.integerOutput("sequence", r, c.samples(), length),
                  bench.integerOutput("target", r, c.samples()),
                  bench.integerOutput("relevant", r, c.samples(), length),
                  bench.integerOutput("value", r, c.samples()),
                  bench.integerOutput("key", r, c.samples(), length));
          bench.run(() -> bench.backend().sampleRecall(draw));
        });
  }
}
