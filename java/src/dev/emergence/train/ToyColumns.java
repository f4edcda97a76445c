package dev.emergence.train;

import dev.emergence.spec.RunConfig;
import dev.emergence.task.RegressionConstants;
import dev.emergence.task.Replica;
import dev.emergence.theory.ToyReadings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is read off the parameters of toy models: see {@link ToyReadings}. Other architectures have
 * no such columns.
 */
final class ToyColumns {
  private final List<RegressionConstants> constants = new ArrayList<>();
  private final List<ToyReadings> readings = new ArrayList<>();
  private final int dim;

  private ToyColumns(List<RunConfig> configs, List<Integer> seeds) {
    dim = configs.get(0).task().predicts().outputs();
    for (int r = 0; r < configs.size(); r++) {
      RegressionConstants drawn =
          RegressionConstants.draw(new Replica(configs.get(r), seeds.get(r)));
      constants.add(drawn);
      readings.add(new ToyReadings(configs.get(r), matrix(drawn.target()), drawn.special()));
    }
  }

  private ToyColumns() {
    dim = 0;
  }

  /** The readings of a cohort. */
  static ToyColumns of(List<RunConfig> configs, List<Integer> seeds) {
    return configs.get(0).architecture().readings().isEmpty()
        ? new ToyColumns()
        : new ToyColumns(configs, seeds);
  }

  /** Their names; none for other architectures. */
  List<String> names() {
    return readings.isEmpty() ? List.of() : ToyReadings.names();
  }

  /** The readings of one replica. */
  Map<String, Double> at(int replica, Map<String, Snapshot.Array> parameters, int inContext) {
    double[] scores = constants.get(replica).relevantLast(parameters.get("scores").values());
    return readings.get(replica).at(scores, matrix(parameters.get("weights").values()), inContext);
  }

  private double[][] matrix(double[] rows) {
    double[][] out = new double[dim][dim];
    for (int i = 0; i < dim; i++) {
      System.arraycopy(rows, i * dim, out[i], 0, dim);
    }
    return out;
  }
}
