package dev.emergence.benchmarks;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.Transformer;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.TestSet;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ScheduleSpec;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model and task of the first paper (Zucchet et al. 2025, Table 1) whose training step is timed:
 * width 256, four heads of 64, MLP of 1024, GELU, causal, last position read out, Adam, batch 32.
 *
 * @param name as users write the shape: {@code regression 16,16} is T, d; {@code recall 8,32} pairs
 *     and vocabulary
 */
record Workload(String name, RunConfig config) {
  /** Sequences of a batch. */
  static final int BATCH = 32;

  /** The seed of weights and data. */
  static final int SEED = 1;

  /** Adam's. */
  static final double LEARNING_RATE = 1e-4;

  /** All that are measured. */
  static List<Workload> all() {
    return List.of(
        regression(16, 16),
        regression(64, 32),
        regression(256, 64),
        recall(8, 32),
        recall(32, 256));
  }

  /** The workload of a name. @throws IllegalArgumentException naming the known ones */
  static Workload of(String name) {
    return all().stream()
        .filter(w -> w.name.equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no workload '"
                        + name
                        + "'; known: "
                        + all().stream().map(Workload::name).toList()));
  }

  Transformer model() {
    return (Transformer) config.architecture();
  }

  private static Workload regression(int length, int dim) {
    TaskSpec task =
        new TaskSpec.LinearRegression(
            dim, length, TaskSpec.RelevantPosition.RANDOM, true, TaskSpec.SpecialToken.UNIT, false);
    return new Workload(
        "regression " + length + "," + dim,
        config(task, transformer(2, ArchitectureSpec.LayerNorm.NONE)));
  }

  private static Workload recall(int pairs, int tokens) {
    TaskSpec task =
        new TaskSpec.AssociativeRecall(pairs, tokens, TaskSpec.QueryPlacement.AT_LEAST_ONE);
    return new Workload(
        "recall " + pairs + "," + tokens,
        config(task, transformer(4, ArchitectureSpec.LayerNorm.PRE)));
  }

  private static Transformer transformer(int layers, ArchitectureSpec.LayerNorm norm) {
    return new Transformer(
        layers,
        4,
        256,
        64,
        4,
        ArchitectureSpec.PositionalEncoding.SINUSOIDAL,
        norm,
        ArchitectureSpec.AttentionMask.CAUSAL,
        ArchitectureSpec.Activation.GELU,
        ArchitectureSpec.Readout.LAST,
        ArchitectureSpec.Initialization.UNIFORM_FAN_IN,
        ArchitectureSpec.TokenInitialization.NORMAL,
        true);
  }

  private static RunConfig config(TaskSpec task, Transformer model) {
    TrainingSpec training =
        new TrainingSpec(
            new OptimizerSpec.Adam(LEARNING_RATE, 0.9, 0.999, 1e-8),
            BATCH,
            50000,
            1e7,
            new ScheduleSpec.Constant(0),
            0,
            TrainingSpec.Precision.FLOAT32);
    MeasurementSpec measurement =
        new MeasurementSpec(
            50,
            BATCH,
            Map.of("test", new TestSet(Optional.empty(), Optional.of(0.0), Optional.empty())),
            Map.of(),
            new MeasurementSpec.Stop(Optional.empty(), 0.2, true),
            new MeasurementSpec.Attention(List.of(), List.of()),
            new MeasurementSpec.Trajectory(500, MeasurementSpec.Spacing.LINEAR));
    return new RunConfig(
        task, new RepetitionSpec(1, 0, 2, List.of()), model, training, measurement);
  }
}
