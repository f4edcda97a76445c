package dev.emergence.task;

import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.spec.TaskSpec.RelevantPosition;
import dev.emergence.spec.TaskSpec.SpecialToken;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;

/**
 * What is fixed for a run of linear regression. Drawn from the seed's {@code task} stream, lanes 0
 * to 2, and rounded to float32 so that all backends have the same; repetition and sequence length
 * do not move W* or x̃.
 *
 * @param target W* (d, d) row-major: entries N(0, 1/d), or columns scaled to norm 1
 * @param special x̃ (d)
 * @param positions a permutation of 0..T-1; its first B are the fixed relevant positions
 * @param fixed whether the relevant positions are drawn once a run
 */
public record RegressionConstants(
    double[] target, double[] special, int[] positions, boolean fixed) {

  /**
   * The constants of a run.
   *
   * @throws IllegalArgumentException when its task is not linear regression
   */
  public static RegressionConstants draw(Replica run) {
    if (run.config().task() instanceof LinearRegression regression) {
      return draw(regression, run.stream(Purpose.TASK));
    }
    throw new IllegalArgumentException(
        "linear_regression has such constants, got " + run.config().task());
  }

  /** The constants of a seed. */
  public static RegressionConstants draw(LinearRegression spec, int seed) {
    return draw(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static RegressionConstants draw(LinearRegression spec, RandomStream stream) {
    double[] target = target(spec, stream.lane(0, 0, 0));
    double[] special = special(spec, stream.lane(1, 0, 0));
    return new RegressionConstants(
        round(target),
        round(special),
        Shuffle.first(spec.sequenceLength(), spec.sequenceLength(), stream.lane(2, 0, 0)),
        spec.relevantPosition() == RelevantPosition.FIXED);
  }

  /**
   * A number a position, in the order of the theory: those of the relevant positions last, where
   * they are drawn once a run.
   */
  public double[] relevantLast(double[] values) {
    if (!fixed) {
      return values;
    }
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[positions[out.length - 1 - i]];
    }
    return out;
  }

  /** E‖W* r‖² when r is x̃ with probability p, else N(0, I/d): p ‖W* x̃‖² + (1 - p) ‖W*‖² / d. */
  public double squaredTarget(double p) {
    int d = special.length;
    double frobenius = 0;
    for (double w : target) {
      frobenius += w * w;
    }
    return p * squaredSpecialTarget() + (1 - p) * frobenius / d;
  }

  /** ‖W* x̃‖². */
  public double squaredSpecialTarget() {
    int d = special.length;
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double y = 0;
      for (int j = 0; j < d; j++) {
        y += target[i * d + j] * special[j];
      }
      sum += y * y;
    }
    return sum;
  }

  private static double[] target(LinearRegression spec, RandomLane lane) {
    int d = spec.dim();
    double[] w = normals(lane, d * d, Math.sqrt(d));
    for (int j = 0; j < d && spec.unitColumns(); j++) {
      double square = 0;
      for (int i = 0; i < d; i++) {
        square += w[i * d + j] * w[i * d + j];
      }
      for (int i = 0; i < d; i++) {
        w[i * d + j] /= Math.sqrt(square);
      }
    }
    return w;
  }

  private static double[] special(LinearRegression spec, RandomLane lane) {
    int d = spec.dim();
    if (spec.specialToken() == SpecialToken.E1) {
      double[] first = new double[d];
      first[0] = 1;
      return first;
    }
    double[] x = normals(lane, d, Math.sqrt(d));
    double square = 0;
    for (double v : x) {
      square += v * v;
    }
    for (int j = 0; j < d && spec.specialToken() == SpecialToken.UNIT; j++) {
      x[j] /= Math.sqrt(square);
    }
    return x;
  }

  private static double[] normals(RandomLane lane, int count, double divisor) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = lane.normal(i) / divisor;
    }
    return values;
  }

  private static double[] round(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) values[i];
    }
    return values;
  }
}
