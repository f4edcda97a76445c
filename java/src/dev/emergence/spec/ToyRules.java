package dev.emergence.spec;

import dev.emergence.spec.ToySpec.Dynamics;

/** What the toy architecture can learn, and how it moves. */
final class ToyRules {
  private ToyRules() {}

  static void apply(ToySpec toy, Parts parts) {
    OptimizerSpec optimizer = parts.training().optimizer();
    if (!(parts.task() instanceof TaskSpec.LinearRegression)) {
      parts.report(
          "architecture.kind",
          "the toy architecture learns linear_regression only",
          "use kind: transformer",
          "task.kind");
    }
    boolean sampled = toy.dynamics() == Dynamics.SGD;
    boolean sgd = optimizer instanceof OptimizerSpec.Sgd;
    boolean flow = optimizer.inTime();
    if (sampled && !sgd) {
      parts.report(
          "training.optimizer.kind",
          "dynamics: sgd needs optimizer: {kind: sgd}",
          "",
          "architecture.dynamics");
    } else if (!sgd && !flow) {
      parts.report(
          "training.optimizer.kind",
          "the toy architecture moves by gradient_flow or sgd",
          "write optimizer: {kind: gradient_flow}",
          "architecture.kind");
    }
    if (parts.training().precision() != TrainingSpec.Precision.FLOAT32) {
      parts.report(
          "training.precision",
          "the toy architecture is integrated in float64 whatever the precision",
          "leave precision out");
    }
    toyData(parts, toy);
    thresholds(parts, toy);
    if (!(parts.training().schedule() instanceof ScheduleSpec.Constant c) || c.warmupSteps() > 0) {
      parts.report(
          "training.schedule",
          "the toy architecture has no learning-rate schedule",
          "leave schedule out");
    }
  }

  /** What a model of one score a position, or its reduction, cannot be given. */
  private static void toyData(Parts parts, ToySpec toy) {
    if (!(parts.task() instanceof TaskSpec.LinearRegression task)) {
      return;
    }
    if (task.relevantPosition() == TaskSpec.RelevantPosition.RANDOM) {
      parts.report(
          "task.relevant_position",
          "the toy architecture attends to places and cannot follow a random one",
          "use relevant_position: last",
          "architecture.kind");
    }
    if (toy.dynamics() == Dynamics.FULL) {
      task.mapFits(parts);
    }
    if (task.relevantFeature()) {
      parts.report(
          "task.relevant_feature",
          "the toy architecture has no use for the relevant feature",
          "write relevant_feature: false",
          "architecture.kind");
    }
    if (parts.repetition().dataset().isPresent() && !toy.isTrained()) {
      parts.report(
          "repetition.dataset",
          "an integrated toy model moves on the expected loss, which no finite data set has",
          "leave dataset out, or use dynamics: sgd",
          "architecture.dynamics");
    }
    if (toy.dynamics() != Dynamics.REDUCED) {
      return;
    }
    if (task.specialToken() == TaskSpec.SpecialToken.GAUSSIAN) {
      parts.report(
          "task.special_token",
          "the reduced dynamics assume a special token of norm 1",
          "use special_token: unit",
          "architecture.dynamics");
    }
    boolean changesB =
        parts.repetition().changes().stream().anyMatch(change -> change.inContext().isPresent());
    if (changesB && toy.scores() == ToySpec.Scores.UNTIED) {
      parts.report(
          "repetition.changes",
          "in_context cannot change in the reduced dynamics of untied scores: positions that were"
              + " relevant keep theirs",
          "use scores: tied, or dynamics: full",
          "architecture.scores");
    }
  }

  /**
   * A flow finds its crossings between rows, on the columns that it computes. Its rows are as dense
   * as the curve needs, so that their number says nothing.
   */
  private static void thresholds(Parts parts, ToySpec toy) {
    if (toy.isTrained()) {
      return;
    }
    parts
        .measurement()
        .thresholds()
        .forEach((name, level) -> exact(parts, level, "measurement.thresholds." + name));
    for (RepetitionSpec.Change change : parts.repetition().changes()) {
      change
          .when()
          .filter(level -> level.hold() > 1)
          .ifPresent(level -> exact(parts, level, "repetition.changes"));
    }
  }

  private static void exact(Parts parts, MeasurementSpec.Threshold level, String path) {
    boolean plain = level.smooth() == 1 && level.hold() == 1 && level.from().isEmpty();
    if (!plain || Derived.parse(level.metric()).isPresent()) {
      parts.report(
          path,
          "an integrated toy model has exact crossings of single columns: no smooth, hold or from,"
              + " and no gain or family of columns",
          "leave smooth, hold and from out and name one column",
          "architecture.kind");
    }
  }
}
