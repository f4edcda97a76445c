package dev.emergence.benchmarks;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import dev.emergence.train.Trainer;
import dev.emergence.train.Training;
import java.util.List;

/** Emergence on one thread of the CPU. */
final class OurSide implements Side {
  private final Backend backend;
  private final Training training;

  /**
   * @param shortcut whether what nobody reads is left out
   */
  OurSide(Workload workload, boolean shortcut) {
    this.backend = Devices.open("cpu", 1);
    this.training =
        Trainer.create(backend, List.of(workload.config()), List.of(Workload.SEED), shortcut);
  }

  @Override
  public double[] losses() {
    double[] losses = new double[Start.BATCHES];
    for (int i = 0; i < losses.length; i++) {
      training.trainTo(i + 1);
      losses[i] = training.evaluate()[0][training.columns().indexOf("train.loss")];
    }
    return losses;
  }

  @Override
  public void step() {
    training.train(1);
  }

  @Override
  public double sgemm() {
    try (Scope scope = new Scope(backend)) {
      Tensor a = scope.floats(1, Operations.SGEMM_ROWS, Operations.SGEMM_DEPTH);
      Tensor b = scope.floats(1, Operations.SGEMM_DEPTH, Operations.SGEMM_DEPTH);
      Tensor c = scope.floats(1, Operations.SGEMM_ROWS, Operations.SGEMM_DEPTH);
      return Operations.sgemmRate(() -> backend.gemm(false, false, a, b, 0, c));
    }
  }

  @Override
  public void close() {
    training.close();
    backend.close();
  }
}
