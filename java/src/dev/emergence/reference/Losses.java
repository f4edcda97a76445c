package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** Losses and their means. */
final class Losses {
  /** The target of a row that takes no part in the loss. */
  private static final int NOT_SCORED = -1;

  private Losses() {}

  static void squaredError(
      Tensor prediction, Tensor target, Tensor loss, Optional<Tensor> dPrediction) {
    int d = prediction.dim(-1);
    int samples = prediction.rows();
    for (int r = 0; r < prediction.replicas(); r++) {
      for (int n = 0; n < samples; n++) {
        double sum = 0;
        for (int j = n * d; j < (n + 1) * d; j++) {
          double error =
              doubles(prediction)[start(prediction, r) + j] - doubles(target)[start(target, r) + j];
          sum += error * error / 2;
          if (dPrediction.isPresent()) {
            doubles(dPrediction.get())[start(dPrediction.get(), r) + j] = error / samples;
          }
        }
        doubles(loss)[start(loss, r) + n] = sum;
      }
    }
  }

  static void crossEntropy(
      Tensor logits, Tensor target, Tensor loss, Tensor correct, Optional<Tensor> dLogits) {
    int v = logits.dim(-1);
    int samples = logits.rows();
    for (int r = 0; r < logits.replicas(); r++) {
      int scored = scored(target, r);
      for (int n = 0; n < samples; n++) {
        int row = start(logits, r) + n * v;
        int wanted = ints(target)[start(target, r) + n];
        if (wanted == NOT_SCORED) {
          doubles(loss)[start(loss, r) + n] = 0;
          doubles(correct)[start(correct, r) + n] = 0;
          if (dLogits.isPresent()) {
            int from = start(dLogits.get(), r) + n * v;
            Arrays.fill(doubles(dLogits.get()), from, from + v, 0.0);
          }
          continue;
        }
        requireClass(wanted, v);
        double largest = largest(doubles(logits), row, v);
        double sum = 0;
        for (int j = 0; j < v; j++) {
          sum += Math.exp(doubles(logits)[row + j] - largest);
        }
        doubles(loss)[start(loss, r) + n] =
            Math.log(sum) - (doubles(logits)[row + wanted] - largest);
        doubles(correct)[start(correct, r) + n] =
            isLargest(doubles(logits), row, v, wanted) ? 1 : 0;
        for (int j = 0; j < v && dLogits.isPresent(); j++) {
          double p = Math.exp(doubles(logits)[row + j] - largest) / sum;
          doubles(dLogits.get())[start(dLogits.get(), r) + n * v + j] =
              (p - (j == wanted ? 1 : 0)) / scored;
        }
      }
    }
  }

  private static void requireClass(int target, int classes) {
    if (target < 0 || target >= classes) {
      throw new IllegalArgumentException(
          "target " + target + " is neither -1 nor in 0.." + (classes - 1));
    }
  }

  private static double largest(double[] x, int from, int n) {
    double largest = x[from];
    for (int j = 1; j < n; j++) {
      largest = Math.max(largest, x[from + j]);
    }
    return largest;
  }

  private static boolean isLargest(double[] x, int from, int n, int wanted) {
    for (int j = 0; j < n; j++) {
      if (j != wanted && !(x[from + wanted] > x[from + j])) {
        return false;
      }
    }
    return !Double.isNaN(x[from + wanted]);
  }

  /** How many of a replica's targets are scored. */
  private static int scored(Tensor target, int replica) {
    int scored = 0;
    for (int n = 0; n < target.perReplica(); n++) {
      scored += ints(target)[start(target, replica) + n] == NOT_SCORED ? 0 : 1;
    }
    return scored;
  }

  /**
   * @param target whose scored elements count; absent: all count
   */
  static void mean(Tensor x, Optional<Tensor> target, Tensor out) {
    for (int r = 0; r < x.replicas(); r++) {
      double sum = 0;
      int count = 0;
      for (int i = 0; i < x.perReplica(); i++) {
        if (target.isEmpty() || ints(target.get())[start(target.get(), r) + i] != NOT_SCORED) {
          sum += doubles(x)[start(x, r) + i];
          count++;
        }
      }
      doubles(out)[start(out, r)] = count == 0 ? 0 : sum / count;
    }
  }
}
