package dev.emergence.theory;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec;
import java.util.function.IntToDoubleFunction;

/**
 * What the full dynamics needs and the reduced one does without. Scores start at 0.
 *
 * @param target W*, d×d
 * @param weights W at the start, d×d
 * @param special x̃, a unit vector of d
 */
public record ToyStart(double[][] target, double[][] weights, double[] special) {

  /**
   * The start of a run.
   *
   * @param target W*, row-major
   * @param normals the n-th standard normal number of the seed's stream
   */
  public static ToyStart of(
      RunConfig config, double[] target, double[] special, IntToDoubleFunction normals) {
    int d = special.length;
    boolean drawn =
        config.architecture() instanceof ToySpec toy
            && toy.initialization() == ToySpec.ToyInitialization.NORMAL;
    double[][] rows = new double[d][d];
    double[][] weights = new double[d][d];
    for (int i = 0; i < d * d; i++) {
      rows[i / d][i % d] = target[i];
      weights[i / d][i % d] = drawn ? normals.applyAsDouble(i) / Math.sqrt(d) : 0;
    }
    return new ToyStart(rows, weights, special);
  }
}
