package dev.emergence.task;

import dev.emergence.spec.InContextClassification;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.Arrays;

/**
 * The classes of a run of {@link InContextClassification}, and how they are drawn. Entry i of the
 * mean of class k is normal(k d + i) / sqrt(d) of lane 0 of the task's stream, that of the vector
 * of label l is normal(l d + i) / sqrt(d) of lane 1. Entry j of a shuffle of all classes by lane 2
 * ({@link Shuffle}) has label j mod L.
 */
final class LabelledClasses {
  private static final int MEANS = 0;
  private static final int LABELS = 1;
  private static final int ORDER = 2;

  private final int dim;
  private final double[] means;
  private final double[] vectors;
  private final int[] labels;

  /** The sum of the weights of classes 0 to k - 1; one entry more than classes. */
  private final double[] below;

  LabelledClasses(InContextClassification spec, RandomStream task) {
    this.dim = spec.dim();
    this.means = normals(task.lane(MEANS, 0, 0), spec.classes());
    this.vectors = normals(task.lane(LABELS, 0, 0), spec.labels());
    this.labels = new int[spec.classes()];
    int[] order = Shuffle.first(spec.classes(), spec.classes(), task.lane(ORDER, 0, 0));
    for (int j = 0; j < order.length; j++) {
      labels[order[j]] = j % spec.labels();
    }
    this.below = new double[spec.classes() + 1];
    for (int k = 0; k < spec.classes(); k++) {
      below[k + 1] = below[k] + Math.pow(k + 1, -spec.zipf());
    }
  }

  private double[] normals(RandomLane lane, int vectors) {
    double[] all = new double[vectors * dim];
    for (int i = 0; i < all.length; i++) {
      all[i] = lane.normal(i) / Math.sqrt(dim);
    }
    return all;
  }

  /** The label of a class. */
  int label(int k) {
    return labels[k];
  }

  /** An entry of the mean of a class. */
  double mean(int k, int entry) {
    return means[k * dim + entry];
  }

  /** An entry of the vector of a label. */
  double vector(int label, int entry) {
    return vectors[label * dim + entry];
  }

  /** The probability of a class. */
  double probability(int k) {
    return (below[k + 1] - below[k]) / below[labels.length];
  }

  /**
   * Different classes, each drawn by its weight from those that are left: number i is the first
   * whose weights up to it, without those drawn before, are above uniform(i) times what is left.
   *
   * @param count at most all
   */
  int[] different(int count, RandomLane lane) {
    int[] drawn = new int[count];
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      double left = below[labels.length];
      for (int j = 0; j < i; j++) {
        left -= below[sorted[j] + 1] - below[sorted[j]];
      }
      int k = at(lane.uniform(i) * left, sorted, i);
      drawn[i] = k;
      int place = -Arrays.binarySearch(sorted, 0, i, k) - 1;
      System.arraycopy(sorted, place, sorted, place + 1, i - place);
      sorted[place] = k;
    }
    return drawn;
  }

  /**
   * The class at a point of the weights of those that are left.
   *
   * @param gone the others, rising
   * @param count how many these are
   */
  private int at(double point, int[] gone, int count) {
    double shifted = point;
    for (int j = 0; j < count && below[gone[j]] <= shifted; j++) {
      shifted += below[gone[j] + 1] - below[gone[j]];
    }
    int found = Arrays.binarySearch(below, shifted);
    int k = Math.min(found >= 0 ? found : -found - 2, labels.length - 1);
    // Rounding may lead to the end of one that is gone.
    while (Arrays.binarySearch(gone, 0, count, k) >= 0) {
      k = (k + 1) % labels.length;
    }
    return k;
  }
}
