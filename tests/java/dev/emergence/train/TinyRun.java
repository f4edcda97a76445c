package dev.emergence.train;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.AttentionRecord;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.TestSet;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ScheduleSpec;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.spec.TransformerSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds configurations of trainings that take milliseconds. */
record TinyRun(
    TaskSpec task,
    RepetitionSpec repetition,
    OptimizerSpec optimizer,
    ScheduleSpec schedule,
    double clip,
    MeasurementSpec measurement) {
  static final TestSet PLAIN = new TestSet(Optional.empty(), Optional.of(0.0), Optional.empty());
  static final TestSet AS_TRAINED =
      new TestSet(Optional.empty(), Optional.empty(), Optional.empty());
  static final int EVALUATE_EVERY = 2;

  /** d = 2, T = 3, evaluated on 5 sequences. */
  static TinyRun regression() {
    TaskSpec task =
        new TaskSpec.LinearRegression(
            2, 3, TaskSpec.RelevantPosition.RANDOM, true, TaskSpec.SpecialToken.UNIT, false);
    return new TinyRun(
        task,
        repetition(1, 0),
        adam(1e-2),
        new ScheduleSpec.Constant(0),
        0,
        measurement(5, List.of(), "test"));
  }

  /** 2 pairs of 5 tokens, evaluated on 5 sequences. */
  static TinyRun recall() {
    TaskSpec task = new TaskSpec.AssociativeRecall(2, 5, TaskSpec.QueryPlacement.AT_LEAST_ONE);
    return new TinyRun(
        task,
        repetition(1, 0),
        adam(1e-2),
        new ScheduleSpec.Constant(0),
        0,
        measurement(5, List.of(), "test"));
  }

  static OptimizerSpec adam(double rate) {
    return new OptimizerSpec.Adam(rate, 0.9, 0.999, 1e-8);
  }

  static RepetitionSpec repetition(
      int inContext, double crossSample, RepetitionSpec.Change... changes) {
    return new RepetitionSpec(inContext, crossSample, 2, List.of(changes));
  }

  private static MeasurementSpec measurement(
      int samples, List<AttentionRecord> record, String... testSets) {
    Map<String, TestSet> sets = new LinkedHashMap<>();
    for (String name : testSets) {
      sets.put(name, name.equals("train") ? AS_TRAINED : PLAIN);
    }
    return new MeasurementSpec(
        EVALUATE_EVERY,
        samples,
        sets,
        Map.of(),
        new MeasurementSpec.Stop(Optional.empty(), 0.2, true),
        new MeasurementSpec.Attention(record, List.of(), Optional.empty()),
        new MeasurementSpec.Trajectory(500, MeasurementSpec.Spacing.LINEAR));
  }

  TinyRun repetition(RepetitionSpec repetition) {
    return new TinyRun(task, repetition, optimizer, schedule, clip, measurement);
  }

  TinyRun optimizer(OptimizerSpec optimizer) {
    return new TinyRun(task, repetition, optimizer, schedule, clip, measurement);
  }

  TinyRun schedule(ScheduleSpec schedule) {
    return new TinyRun(task, repetition, optimizer, schedule, clip, measurement);
  }

  TinyRun clip(double clip) {
    return new TinyRun(task, repetition, optimizer, schedule, clip, measurement);
  }

  TinyRun measured(int samples, List<AttentionRecord> record, String... testSets) {
    return new TinyRun(
        task, repetition, optimizer, schedule, clip, measurement(samples, record, testSets));
  }

  /** 2 layers, 2 heads of 4, width 8, MLP of 16. */
  RunConfig config() {
    TransformerSpec small =
        Defaults.with(
            TransformerSpec.class,
            Map.of(
                "heads", 2,
                "embedding_dim", 8,
                "head_dim", 4,
                "mlp_factor", 2,
                "layer_norm",
                    task instanceof TaskSpec.AssociativeRecall
                        ? ArchitectureSpec.LayerNorm.PRE
                        : ArchitectureSpec.LayerNorm.NONE));
    TrainingSpec training =
        Defaults.with(
            TrainingSpec.class,
            Map.of(
                "optimizer", optimizer,
                "batch_size", 4,
                "max_steps", 1000L,
                "schedule", schedule,
                "gradient_clip", clip));
    return new RunConfig(task, repetition, small, training, measurement);
  }
}
