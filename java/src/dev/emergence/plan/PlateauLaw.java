package dev.emergence.plan;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.util.OptionalDouble;

/**
 * The published laws of plateau length (Zucchet et al. 2025, Figs. 3, 4 and 15), as an order for the runs and an estimate of their
 * cost; never a result. Away from the paper's learning rate the plateau is taken to grow as its inverse. Cross-sample repetition only
 * shortens a plateau and is left out.
 */
public final class PlateauLaw {
  private static final double ADAM_RATE = 1e-4;
  private static final double SGD_RATE = 5e-3;

  private PlateauLaw() {}

  /** Predicted plateau in optimiser steps, empty where no law was published. */
  public static OptionalDouble steps(RunConfig config) {
    if (!(config.architecture() instanceof ArchitectureSpec.Transformer)) {
      return OptionalDouble.empty();
    }
    double copies = config.repetition().inContext();
    OptimizerSpec optimizer = config.training().optimizer();
    if (config.task() instanceof TaskSpec.LinearRegression t) {
      double length = t.sequenceLength() / copies;
      if (optimizer instanceof OptimizerSpec.Sgd sgd) {
        return scaled(6.42 * Math.pow(t.dim(), 1.44) * Math.pow(length, 1.07), SGD_RATE, sgd.learningRate());
      }
      return scaled(0.76 * Math.pow(t.dim(), 1.29) * Math.pow(length, 0.80), ADAM_RATE, rate(optimizer));
    }
    if (config.task() instanceof TaskSpec.AssociativeRecall t && !(optimizer instanceof OptimizerSpec.Sgd)) {
      return scaled(0.55 * Math.pow(t.tokens(), 0.79) * Math.pow(t.pairs(), 2.25), ADAM_RATE, rate(optimizer));
    }
    return OptionalDouble.empty();
  }

  private static OptionalDouble scaled(double steps, double published, double rate) {
    return rate > 0 ? OptionalDouble.of(steps * published / rate) : OptionalDouble.empty();
  }

  private static double rate(OptimizerSpec optimizer) {
    if (optimizer instanceof OptimizerSpec.Adam adam) {
      return adam.learningRate();
    }
    return optimizer instanceof OptimizerSpec.AdamW adamw ? adamw.learningRate() : 0;
  }
}
