package dev.emergence.reference;

import static org.assertj.core.api.Assertions.fail;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Bench;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/** Compares gradients with central differences of Σ weights ∘ output, in double precision. */
final class CentralDifferences {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-8;
  private final Backend backend;
  private final Runnable forward;
  private final Tensor output;
  private final double[] weights;

  /**
   * @param forward recomputes {@code output} from the inputs, from the same start every time
   */
  CentralDifferences(Bench bench, Tensor output, Tensor weights, Runnable forward) {
    this.backend = bench.backend();
    this.forward = forward;
    this.output = output;
    this.weights = backend.doubles(weights);
  }

  /** Every component of a gradient, or a random few hundred of many. */
  void check(String name, Tensor input, Tensor gradient) {
    double[] x = backend.doubles(input);
    double[] got = backend.doubles(gradient);
    int[] components = new Random(3).ints(Math.min(x.length, 200), 0, x.length).toArray();
    for (int i : x.length <= 200 ? all(x.length) : components) {
      double want = (objective(input, x, i, STEP) - objective(input, x, i, -STEP)) / (2 * STEP);
      if (!(Math.abs(got[i] - want) <= TOLERANCE * (1 + Math.abs(want)))) {
        fail(
            "gradient of "
                + name
                + " "
                + input
                + " at "
                + i
                + ": got "
                + got[i]
                + ", central difference "
                + want);
      }
    }
    backend.write(input, x);
  }

  private static int[] all(int n) {
    int[] indices = new int[n];
    Arrays.setAll(indices, i -> i);
    return indices;
  }

  private double objective(Tensor input, double[] x, int i, double step) {
    double[] moved = x.clone();
    moved[i] += step;
    backend.write(input, moved);
    forward.run();
    double sum = 0;
    double[] y = backend.doubles(output);
    for (int j = 0; j < y.length; j++) {
      sum += y[j] * weights[j];
    }
    return sum;
  }
}
