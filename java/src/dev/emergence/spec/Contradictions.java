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
      c.linearRegression(t, repetition, architecture, measurement);
    } else if (task instanceof TaskSpec.AssociativeRecall t) {
      c.recall(t, repetition, measurement);
    }
    return c.found;
  }

  private void linearRegression(
      TaskSpec.LinearRegression task, RepetitionSpec repetition, ArchitectureSpec architecture, MeasurementSpec measurement) {
    repetitionFits(repetition, measurement, task.sequenceLength(), "task.sequence_length");
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

  private void recall(TaskSpec.AssociativeRecall task, RepetitionSpec repetition, MeasurementSpec measurement) {
    repetitionFits(repetition, measurement, task.pairs(), "task.pairs");
    atMost("task.pairs", task.pairs(), task.tokens(), "task.tokens");
    atMost("repetition.repeated_tokens", repetition.repeatedTokens(), task.tokens(), "task.tokens");
    keysSuffice(task, "task.query_placement", task.queryPlacement());
    measurement
        .testSets()
        .forEach((name, set) -> set.queryPlacement().ifPresent(p -> keysSuffice(task, "measurement.test_sets." + name + ".query_placement", p)));
  }

  private void keysSuffice(TaskSpec.AssociativeRecall task, String path, TaskSpec.QueryPlacement placement) {
    if (placement == TaskSpec.QueryPlacement.BINOMIAL && task.pairs() == task.tokens()) {
      found.add(
          new Problem(
              "E140",
              path,
              "with query_placement: binomial the query's key may be absent, and " + task.pairs() + " pairs need as many other tokens; there are "
                  + (task.tokens() - 1),
              List.of("task.pairs", "task.tokens"),
              "take a token more, a pair less, or query_placement: at_least_one"));
    }
  }

  private void repetitionFits(RepetitionSpec repetition, MeasurementSpec measurement, int places, String path) {
    atMost("repetition.in_context", repetition.inContext(), places, path);
    for (int i = 0; i < repetition.changes().size(); i++) {
      String change = "repetition.changes[" + i + "].in_context";
      repetition.changes().get(i).inContext().ifPresent(copies -> atMost(change, copies, places, path));
    }
    measurement
        .testSets()
        .forEach((name, set) -> set.inContext().ifPresent(copies -> atMost("measurement.test_sets." + name + ".in_context", copies, places, path)));
  }

  private void atMost(String path, int value, int most, String limit) {
    if (value > most) {
      found.add(new Problem("E110", path, path + " must be an integer from 1 to " + most + ", got " + value, List.of(limit), ""));
    }
  }
}
