package dev.emergence.cli;

import dev.emergence.backend.Devices;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Trainer;
import dev.emergence.train.Training;
import java.util.List;

/**
 * A device against the float64 reference: the same small training on both, all operations of a step
 * included.
 *
 * @param worst largest relative difference of any measured number
 */
record Agreement(double worst) {
  /**
   * float32 rounds at 6e-8; twenty steps of Adam raise that to about 1e-5. A wrong kernel is off by
   * far more.
   */
  private static final double TOLERANCE = 1e-3;

  private static final int STEPS = 20;
  private static final String SMALL =
      """
      dsl: 1
      name: doctor
      task: {kind: linear_regression, dim: 8, sequence_length: 33}
      architecture: {kind: transformer, layers: 2, heads: 3, embedding_dim: 24, head_dim: 16, layer_norm: pre}
      training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 8, max_steps: 20}
      measurement:
        evaluate_every: 20
        evaluate_samples: 64
        test_sets: {test: {}}
        attention: {record: [relevant, entropy]}
      """;

  /** What a device calls itself. */
  static String describe(String device) {
    try (Backend backend = Devices.open(device, 1)) {
      return backend.description();
    }
  }

  /** Trains on both. */
  static Agreement with(String device) {
    RunConfig config =
        SpecReader.read("doctor.yaml", SMALL, ReadOptions.none())
            .spec()
            .orElseThrow(() -> new IllegalStateException("the built-in file is not valid"))
            .base();
    double[] expected;
    double[] found;
    try (Backend reference = new ReferenceBackend();
        Backend backend = Devices.open(device, 1)) {
      expected = train(reference, config);
      found = train(backend, config);
    }
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      // Math.max keeps a NaN.
      worst =
          Math.max(worst, Math.abs(found[i] - expected[i]) / Math.max(1e-6, Math.abs(expected[i])));
    }
    return new Agreement(worst);
  }

  private static double[] train(Backend backend, RunConfig config) {
    try (Training training = Trainer.create(backend, List.of(config), List.of(1))) {
      training.trainTo(STEPS);
      return training.evaluate()[0];
    }
  }

  /** Whether the difference is one of rounding; NaN is not. */
  boolean holds() {
    return worst <= TOLERANCE;
  }

  String text() {
    return Numbers.text(
        "%s: %d steps differ from the float64 reference by at most %.1e (allowed %.0e)",
        holds() ? "ok" : "WRONG", STEPS, worst, TOLERANCE);
  }
}
