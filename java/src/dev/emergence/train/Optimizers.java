package dev.emergence.train;

import dev.emergence.spec.Catalog;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.tensor.AdamOptions;
import java.util.Map;
import java.util.function.BiFunction;

/** The catalog of optimisers: one line each. */
final class Optimizers {
  private static final Catalog<OptimizerSpec, Factory> KNOWN =
      Catalog.complete(
          "optimizer",
          OptimizerSpec.class,
          Map.ofEntries(
              entry(
                  OptimizerSpec.Adam.class,
                  (s, in) ->
                      new AdamOptimizer(in, new AdamOptions(s.beta1(), s.beta2(), s.eps(), 0))),
              entry(
                  OptimizerSpec.AdamW.class,
                  (s, in) ->
                      new AdamOptimizer(in, new AdamOptions(s.beta1(), s.beta2(), s.eps(), 0))),
              entry(OptimizerSpec.Muon.class, (s, in) -> new MuonOptimizer(in, s)),
              entry(OptimizerSpec.Sgd.class, (s, in) -> new SgdOptimizer(in, s.momentum()))),
          Map.of(OptimizerSpec.GradientFlow.class, "does not train on batches"));

  private Optimizers() {}

  private interface Factory {
    Optimizer create(OptimizerSpec spec, OptimizerInputs in);
  }

  private static <S extends OptimizerSpec> Map.Entry<Class<? extends OptimizerSpec>, Factory> entry(
      Class<S> kind, BiFunction<S, OptimizerInputs, Optimizer> factory) {
    return Map.entry(kind, (spec, in) -> factory.apply(kind.cast(spec), in));
  }

  /**
   * The optimiser of a file.
   *
   * @throws IllegalArgumentException naming the known ones when this one takes no steps
   */
  static Optimizer create(OptimizerSpec spec, OptimizerInputs in) {
    return KNOWN.of(spec).create(spec, in);
  }
}
