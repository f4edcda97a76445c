package dev.emergence.train;

import dev.emergence.spec.Catalog;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.tensor.AdamOptions;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** The catalog of optimisers that take steps: one line each. */
final class Optimizers {
  private static final Catalog<OptimizerSpec, Entry<?>> KNOWN =
      Catalog.partial(
          "optimizer",
          "does not train on batches",
          Map.of(
              OptimizerSpec.Adam.class,
              new Entry<OptimizerSpec.Adam>(
                  (s, in) ->
                      new AdamOptimizer(in, new AdamOptions(s.beta1(), s.beta2(), s.eps(), 0)),
                  OptimizerSpec.Adam::learningRate),
              OptimizerSpec.AdamW.class,
              new Entry<OptimizerSpec.AdamW>(
                  (s, in) ->
                      new AdamOptimizer(
                          in, new AdamOptions(s.beta1(), s.beta2(), s.eps(), s.weightDecay())),
                  OptimizerSpec.AdamW::learningRate),
              OptimizerSpec.Sgd.class,
              new Entry<OptimizerSpec.Sgd>(
                  (s, in) -> new SgdOptimizer(in, s.momentum()), OptimizerSpec.Sgd::learningRate)));

  private Optimizers() {}

  private record Entry<S extends OptimizerSpec>(
      BiFunction<S, OptimizerInputs, Optimizer> factory, ToDoubleFunction<S> rate) {
    @SuppressWarnings("unchecked")
    Optimizer create(OptimizerSpec spec, OptimizerInputs in) {
      return factory.apply((S) spec, in);
    }

    @SuppressWarnings("unchecked")
    double rateOf(OptimizerSpec spec) {
      return rate.applyAsDouble((S) spec);
    }
  }

  /**
   * The optimiser of a file.
   *
   * @throws IllegalArgumentException naming the known ones when this one takes no steps
   */
  static Optimizer create(OptimizerSpec spec, OptimizerInputs in) {
    return KNOWN.of(spec).create(spec, in);
  }

  /** Step size before any schedule. */
  static double learningRate(OptimizerSpec spec) {
    return KNOWN.of(spec).rateOf(spec);
  }
}
