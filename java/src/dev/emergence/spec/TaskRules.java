package dev.emergence.spec;

import dev.emergence.spec.Contradictions.Parts;
import dev.emergence.spec.TaskSpec.QueryPlacement;
import java.util.List;
import java.util.Optional;

/** Which tasks and repetitions can be drawn, and solved. */
final class TaskRules {
  private TaskRules() {}

  static void apply(Parts parts) {
    if (parts.task() instanceof TaskSpec.LinearRegression task) {
      copiesFit(parts, task.sequenceLength(), "task.sequence_length");
      solvable(parts, task);
    } else if (parts.task() instanceof TaskSpec.AssociativeRecall task) {
      copiesFit(parts, task.pairs(), "task.pairs");
      recall(parts, task);
    }
    changes(parts);
  }

  private static void copiesFit(Parts parts, int places, String path) {
    copiesFit(parts, parts.repetition().inContext(), places, "repetition.in_context", path);
    parts
        .measurement()
        .testSets()
        .forEach(
            (name, set) ->
                set.inContext()
                    .ifPresent(
                        copies ->
                            copiesFit(
                                parts,
                                copies,
                                places,
                                "measurement.test_sets." + name + ".in_context",
                                path)));
    for (RepetitionSpec.Change change : parts.repetition().changes()) {
      change
          .inContext()
          .ifPresent(copies -> copiesFit(parts, copies, places, "repetition.changes", path));
    }
  }

  private static void copiesFit(
      Parts parts, int copies, int places, String path, String placesPath) {
    if (copies > places) {
      String message = path + " must be an integer from 1 to " + places + ", got " + copies;
      parts.report(new Problem("E110", path, message, List.of(placesPath), ""));
    }
  }

  private static void solvable(Parts parts, TaskSpec.LinearRegression task) {
    boolean random = task.relevantPosition() == TaskSpec.RelevantPosition.RANDOM;
    if (!parts.isToy() && !task.relevantFeature() && random) {
      parts.report(
          "task.relevant_feature",
          "a random relevant position without the relevant feature cannot be solved: nothing tells"
              + " which token counts",
          "set relevant_feature: true, or relevant_position: fixed",
          "task.relevant_position");
    }
  }

  private static void recall(Parts parts, TaskSpec.AssociativeRecall task) {
    if (task.pairs() > task.tokens()) {
      parts.report(
          "task.pairs",
          task.pairs()
              + " pairs need as many different keys, but there are "
              + task.tokens()
              + " tokens",
          "use fewer pairs or more tokens",
          "task.tokens");
    }
    boolean absent =
        task.queryPlacement() == QueryPlacement.BINOMIAL
            || parts.measurement().testSets().values().stream()
                .anyMatch(set -> set.queryPlacement().equals(Optional.of(QueryPlacement.BINOMIAL)));
    if (absent && task.pairs() == task.tokens()) {
      parts.report(
          "task.pairs",
          "with query_placement: binomial the query may be absent, and then "
              + task.pairs()
              + " other keys are needed, but there are "
              + (task.tokens() - 1),
          "use fewer pairs or more tokens",
          "task.tokens",
          "task.query_placement");
    }
    if (parts.repetition().repeatedTokens() > task.tokens()) {
      parts.report(
          "repetition.repeated_tokens",
          "repeated_tokens is "
              + parts.repetition().repeatedTokens()
              + ", but there are only "
              + task.tokens()
              + " tokens",
          "",
          "task.tokens");
    }
  }

  private static void changes(Parts parts) {
    double before = 0;
    int number = 0;
    for (RepetitionSpec.Change change : parts.repetition().changes()) {
      number++;
      String which = "change " + number + " of the repetition";
      if (change.at().isPresent() == change.when().isPresent()) {
        parts.report(
            "repetition.changes",
            which + " needs either 'at' or 'when'",
            "at: 10000, or when: {metric: test.loss, below: 0.1}");
      }
      if (change.inContext().isEmpty() && change.crossSample().isEmpty()) {
        parts.report(
            "repetition.changes", which + " changes nothing", "give it in_context or cross_sample");
      }
      if (change.at().isPresent() && change.at().get() < before) {
        parts.report(
            "repetition.changes",
            which + " comes before the one above it",
            "changes follow one another");
      }
      before = change.at().orElse(before);
      String name = which;
      change
          .when()
          .ifPresent(level -> MeasurementRules.level(parts, level, name, "repetition.changes"));
    }
  }
}
