package dev.emergence.benchmarks;

import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TransformerSpec;

/**
 * The arithmetic of a training step in GFLOP, a multiplication and an addition being two: matrix
 * products and attention, with what the read-out at the last position does not need left out or
 * not; and the rate of large products. The first block looks through the embedding.
 */
final class Operations {
  private static final int REPETITIONS = 15;
  static final long SGEMM_ROWS = 2048;
  static final long SGEMM_DEPTH = 1024;

  private Operations() {}

  /** Every token through every layer. */
  static double full(Workload workload) {
    return step(workload, false);
  }

  /** What the result needs: one query in the last layer, and no keys and values there. */
  static double needed(Workload workload) {
    return step(workload, workload.predicts().lastOnly());
  }

  private static double step(Workload workload, boolean needed) {
    TransformerSpec m = workload.model();
    double d = m.shared().embeddingDim();
    double inner = (double) m.heads() * m.headDim();
    double tokens = (double) workload.batch() * length(workload);
    double dense =
        2 * inner * d + 2 * 2 * m.shared().mlpFactor() * d * d; // output and MLP, a token
    double attention = 2 * length(workload) * inner; // causal: half of the pairs
    double whole = 3 * tokens * (3 * 2 * inner * d + dense) + 3.5 * tokens * attention;
    // One query: its projection and those on its side, scores and sums over the tokens.
    double last =
        3 * workload.batch() * (3 * 2 * inner * d + dense) + 3 * tokens * 4 * m.heads() * d;
    double layers = needed ? (m.shared().layers() - 1) * whole + last : m.shared().layers() * whole;
    return (layers - folded(workload, d, 3 * inner, tokens) + ends(workload, d, tokens)) / 1e9;
  }

  /** What looking through the embedding saves of the first block's queries, keys and values. */
  private static double folded(Workload workload, double d, double columns, double tokens) {
    if (!(workload.config().task() instanceof TaskSpec.LinearRegression r)) {
      double rows = workload.predicts().inputs() + length(workload) + 1.0;
      return 2 * columns * 3 * (tokens - rows) * d;
    }
    double embedded = 2 * tokens * r.dim() + 3 * (r.dim() + r.sequenceLength()) * d;
    return 2 * columns * (3 * tokens * d - embedded);
  }

  private static int length(Workload workload) {
    return workload.predicts().length();
  }

  /** Embedding (without a gradient of the input) and read-out. */
  private static double ends(Workload workload, double d, double tokens) {
    if (workload.config().task() instanceof TaskSpec.LinearRegression r) {
      return 2 * tokens * 2 * d * (r.dim() + 1) + 3.0 * workload.batch() * 2 * d * r.dim();
    }
    double read = (double) workload.batch() * workload.predicts().scored().count();
    return 3.0 * read * 2 * d * workload.predicts().outputs();
  }

  /**
   * GFLOP/s of one core in a large product.
   *
   * @param product of a matrix of {@link #SGEMM_ROWS} by {@link #SGEMM_DEPTH} and a square one
   */
  static double sgemmRate(Runnable product) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      long cpu = SideProcess.threadCpu();
      product.run();
      best = Math.min(best, SideProcess.threadCpu() - cpu);
    }
    return 2.0 * SGEMM_ROWS * SGEMM_DEPTH * SGEMM_DEPTH / best;
  }
}
