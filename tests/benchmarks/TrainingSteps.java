import dev.emergence.backend.Devices;
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
import dev.emergence.tensor.Backend;
import dev.emergence.train.Trainer;
import dev.emergence.train.Training;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Milliseconds of one training step of the papers' models, batch 32, on one thread: sampling,
 * forward, backward and Adam, with the read-out shortcut. A table, and a line of JSON a shape. CPU
 * time is this thread's; on a quiet machine it equals wall time. Run from the repository's root:
 * {@code java -cp target/emergence.jar tests/benchmarks/TrainingSteps.java [device] [steps]}.
 */
public final class TrainingSteps {
  private TrainingSteps() {}

  public static void main(String[] args) {
    String device = args.length > 0 ? args[0] : "cpu";
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    try (Backend backend = Devices.open(device, 1)) {
      System.out.println(backend.description());
      System.out.printf("%-24s %12s %12s %12s%n", "shape", "cpu best", "cpu median", "wall median");
      for (int[] s : new int[][] {{16, 16}, {64, 32}, {256, 64}}) {
        measure(backend, "regression T=" + s[0] + " d=" + s[1], regression(s[0], s[1]), steps);
      }
      for (int[] s : new int[][] {{8, 32}, {32, 256}}) {
        measure(backend, "recall " + s[0] + " of " + s[1], recall(s[0], s[1]), steps);
      }
    }
  }

  private static void measure(Backend backend, String name, RunConfig config, int steps) {
    try (Training training = Trainer.create(backend, List.of(config), List.of(1))) {
      training.trainTo(3);
      double[] cpu = new double[steps];
      double[] wall = new double[steps];
      for (int i = 0; i < steps; i++) {
        long wallStart = System.nanoTime();
        long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        training.trainTo(4 + i);
        cpu[i] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart) / 1e6;
        wall[i] = (System.nanoTime() - wallStart) / 1e6;
      }
      Arrays.sort(cpu);
      Arrays.sort(wall);
      System.out.printf(
          Locale.ROOT,
          "%-24s %12.2f %12.2f %12.2f%n",
          name,
          cpu[0],
          cpu[steps / 2],
          wall[steps / 2]);
      System.out.printf(
          Locale.ROOT,
          "{\"shape\": \"%s\", \"cpu_best_ms\": %.3f, \"cpu_median_ms\": %.3f, \"wall_median_ms\": %.3f}%n",
          name,
          cpu[0],
          cpu[steps / 2],
          wall[steps / 2]);
    }
  }

  private static RunConfig regression(int length, int dim) {
    TaskSpec task =
        new TaskSpec.LinearRegression(
            dim, length, TaskSpec.RelevantPosition.RANDOM, true, TaskSpec.SpecialToken.UNIT, false);
    return config(task, transformer(2, ArchitectureSpec.LayerNorm.NONE));
  }

  private static RunConfig recall(int pairs, int tokens) {
    TaskSpec task =
        new TaskSpec.AssociativeRecall(pairs, tokens, TaskSpec.QueryPlacement.AT_LEAST_ONE);
    return config(task, transformer(4, ArchitectureSpec.LayerNorm.PRE));
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
            new OptimizerSpec.Adam(1e-4, 0.9, 0.999, 1e-8),
            32,
            50000,
            1e7,
            new ScheduleSpec.Constant(0),
            0,
            TrainingSpec.Precision.FLOAT32);
    MeasurementSpec measurement =
        new MeasurementSpec(
            50,
            32,
            Map.of("test", new TestSet(Optional.empty(), Optional.of(0.0), Optional.empty())),
            Map.of(),
            new MeasurementSpec.Stop(Optional.empty(), 0.2, true),
            new MeasurementSpec.Attention(List.of(), List.of()),
            new MeasurementSpec.Trajectory(500, MeasurementSpec.Spacing.LINEAR));
    return new RunConfig(
        task, new RepetitionSpec(1, 0, 2, List.of()), model, training, measurement);
  }
}
