package dev.emergence.train;

import dev.emergence.spec.RunConfig;
import dev.emergence.task.RegressionConstants;
import dev.emergence.task.Replica;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.theory.ToyReadings;
import java.util.List;
import java.util.Map;

/**
 * What is read off the parameters of toy models: see {@link ToyReadings}. Other architectures have
 * no such columns.
 */
final class ToyColumns {
  private final boolean some;
  private final int dim;
  private final RegressionConstants[] constants;
  private final ToyReadings[] readings;

  /**
   * The readings of a cohort.
   *
   * @param common what its runs have in common
   */
  ToyColumns(RunConfig common, int replicas) {
    this.some = !common.architecture().readings().isEmpty();
    this.dim = common.task().predicts().outputs();
    this.constants = new RegressionConstants[replicas];
    this.readings = new ToyReadings[replicas];
  }

  /** Reads a replica as a run. */
  void enter(int replica, Replica run) {
    if (some) {
      RegressionConstants drawn = RegressionConstants.draw(run);
      constants[replica] = drawn;
      readings[replica] = new ToyReadings(run.config(), matrix(drawn.target()), drawn.special());
    }
  }

  /** Their names; none for other architectures. */
  List<String> names() {
    return some ? ToyReadings.names() : List.of();
  }

  /** The readings of one replica. */
  Map<String, Double> at(int replica, Map<String, ShapedArray> parameters, int inContext) {
    double[] scores = constants[replica].relevantLast(parameters.get("scores").values());
    return readings[replica].at(scores, matrix(parameters.get("weights").values()), inContext);
  }

  private double[][] matrix(double[] rows) {
    double[][] out = new double[dim][dim];
    for (int i = 0; i < dim; i++) {
      System.arraycopy(rows, i * dim, out[i], 0, dim);
    }
    return out;
  }
}
