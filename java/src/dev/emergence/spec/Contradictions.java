package dev.emergence.spec;

import java.util.ArrayList;
import java.util.List;

/** The rules between keys: what no single key's range can say. */
final class Contradictions {
  private final List<Problem> found = new ArrayList<>();

  private Contradictions() {}

  static List<Problem> of(
      TaskSpec task, RepetitionSpec repetition, ArchitectureSpec architecture, TrainingSpec training, MeasurementSpec measurement) {
    Contradictions c = new Contradictions();
    if (task instanceof TaskSpec.LinearRegression t) {
      c.linearRegression(t, repetition, architecture);
    } else if (task instanceof TaskSpec.AssociativeRecall t) {
      c.recall(t, repetition);
    }
    return c.found;
  }

  private void linearRegression(TaskSpec.LinearRegression task, RepetitionSpec repetition, ArchitectureSpec architecture) {
    repetitionFits(repetition, task.sequenceLength(), "task.sequence_length");
    boolean transformer = architecture instanceof ArchitectureSpec.Transformer;
    if (transformer && !task.relevantFeature() && task.relevantPosition() == TaskSpec.RelevantPosition.RANDOM) {
      found.add(
          new Problem(
              "E140",
              "task.relevant_feature",
              "a random relevant position without the relevant feature cannot be solved: nothing tells which token counts",
              List.of("task.relevant_position"),
              "set relevant_feature: true, or relevant_position: fixed"));
    }
  }

  private void recall(TaskSpec.AssociativeRecall task, RepetitionSpec repetition) {
    repetitionFits(repetition, task.pairs(), "task.pairs");
  }

  private void repetitionFits(RepetitionSpec repetition, int places, String path) {
    if (repetition.inContext() > places) {
      found.add(
          new Problem(
              "E110",
              "repetition.in_context",
              "repetition.in_context must be an integer from 1 to " + places + ", got " + repetition.inContext(),
              List.of(path),
              ""));
    }
  }
}
