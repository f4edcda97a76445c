package dev.emergence.train;

import dev.emergence.spec.Alike;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.tensor.Arithmetic;
import java.util.List;
import java.util.function.Function;

/**
 * What replicas of one training must have in common beyond their task, and what follows from it.
 */
final class Members {
  private Members() {}

  static void requireEqual(List<RunConfig> configs) {
    requireEqual(
        configs,
        "architecture (but for the strength of a logit_bias)",
        c -> c.architecture().withStrengths(0));
    requireEqual(
        configs,
        "training (but for learning_rate, max_steps and max_time)",
        c -> withoutRate(c.training()));
    requireEqual(
        configs,
        "measurement (evaluate_every, evaluate_samples, record, attention.record)",
        c -> measured(c.measurement()));
    requireEqual(configs, "repetition.changes", c -> c.repetition().changes());
  }

  /** The device's word for the arithmetic that all of them are declared with. */
  static Arithmetic arithmetic(TrainingSpec.Precision precision) {
    return switch (precision) {
      case FLOAT32 -> Arithmetic.FLOAT32;
      case TF32 -> Arithmetic.TF32;
      case BF16 -> Arithmetic.BF16;
    };
  }

  private static Object withoutRate(TrainingSpec t) {
    return List.of(
        t.optimizer().withLearningRate(0),
        t.batchSize(),
        t.schedule(),
        t.gradientClip(),
        t.precision());
  }

  private static Object measured(MeasurementSpec m) {
    return List.of(m.evaluateEvery(), m.evaluateSamples(), m.record(), m.attention().record());
  }

  private static void requireEqual(
      List<RunConfig> configs, String what, Function<RunConfig, Object> value) {
    Alike.require("training", configs, what, value);
  }
}
