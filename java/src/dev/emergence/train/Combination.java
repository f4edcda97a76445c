package dev.emergence.train;

import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Tensor;

/**
 * Sums of scaled tensors, by the backend's operation for descent with momentum: of it m ← μ m + g
 * is half, and p ← p - rate·m the other half. Replicas that have stopped keep what they have.
 */
final class Combination {
  private final OptimizerInputs in;
  private final Tensor zeros;
  private final Tensor ignored;
  private final Tensor still;

  /**
   * @param largest elements of the largest tensor
   */
  Combination(OptimizerInputs in, long largest) {
    this.in = in;
    int replicas = in.parameters().values().replicas();
    this.zeros = in.scope().floats(replicas, largest);
    this.ignored = in.scope().floats(replicas, largest);
    this.still = in.scope().floats(replicas);
  }

  /** m ← factor·m + x. */
  void add(Tensor m, double factor, Tensor x) {
    Tensor p = ignored.part(0, m.perReplica());
    in.backend().sgd(moments(p, x, m, still), factor);
  }

  /** m ← factor·m. */
  void scale(Tensor m, double factor) {
    add(m, factor, zeros.part(0, m.perReplica()));
  }

  /**
   * values ← values - rate·update.
   *
   * @param rate (R)
   */
  void descend(Tensor values, Tensor update, Tensor rate) {
    // Without momentum m is what is added to it.
    in.backend().sgd(moments(values, zeros.part(0, values.perReplica()), update, rate), 1);
  }

  private Moments moments(Tensor p, Tensor gradient, Tensor m, Tensor rate) {
    return new Moments(p, gradient, m, m, rate, in.step(), in.stoppedAt());
  }
}
