package dev.emergence.train;

import dev.emergence.model.Parameters;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.List;

/**
 * What an optimiser works on.
 *
 * @param scope owner of its moments
 * @param stretches what moves; the rest stays as it is
 * @param rates learning rates of the step at hand
 * @param step (R) i32, the number of the step at hand, from 1
 * @param stoppedAt (R) i32, as in {@link dev.emergence.tensor.Moments}
 */
record OptimizerInputs(
    Backend backend,
    Scope scope,
    Parameters parameters,
    List<Stretch> stretches,
    LearningRates rates,
    Tensor step,
    Tensor stoppedAt) {

  /** The same for some of the parameters. */
  OptimizerInputs of(List<Stretch> some) {
    return new OptimizerInputs(backend, scope, parameters, some, rates, step, stoppedAt);
  }

  /** A zero-filled row a replica, as the parameters. */
  Tensor moment() {
    return scope.floats(parameters.values().replicas(), parameters.layout().size());
  }

  /**
   * What one step reads and changes of a stretch.
   *
   * @param m rows of first moments
   * @param v rows of second moments; may be m where there are none
   */
  Moments moments(Stretch stretch, Tensor m, Tensor v) {
    return new Moments(
        part(parameters.values(), stretch),
        part(parameters.gradient(), stretch),
        part(m, stretch),
        part(v, stretch),
        rates.of(stretch),
        step,
        stoppedAt);
  }

  private static Tensor part(Tensor rows, Stretch stretch) {
    return rows.part(stretch.start(), stretch.size());
  }
}
