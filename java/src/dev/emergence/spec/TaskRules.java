package dev.emergence.spec;

import java.util.List;
import java.util.Optional;

/** Which tasks and repetitions can be drawn, and solved. */
final class TaskRules {
  private TaskRules() {}

  static void apply(Parts parts) {
    Optional<Copies> copies = parts.task().copies();
    if (copies.isPresent()) {
      copiesFit(parts, copies.get().most(), copies.get().path());
    } else {
      unrepeated(parts);
    }
    parts.task().rules(parts);
    changes(parts);
  }

  /** A task without copies of anything has no repetition to set. */
  private static void unrepeated(Parts parts) {
    RepetitionSpec repetition = parts.repetition();
    boolean repeats = repetition.inContext() > 1 || repetition.crossSample() > 0;
    String kind = Keys.kindOf((Record) parts.task());
    if (repeats || !repetition.changes().isEmpty()) {
      String path =
          repetition.inContext() > 1
              ? "in_context"
              : repetition.crossSample() > 0 ? "cross_sample" : "changes";
      parts.report(
          "repetition." + path,
          "the data of " + kind + " do not repeat within a context or across samples",
          "leave repetition out",
          "task.kind");
    }
    parts
        .measurement()
        .testSets()
        .forEach(
            (name, set) -> {
              if (set.inContext().orElse(1) > 1 || set.crossSample().orElse(0.0) > 0) {
                parts.report(
                    "measurement.test_sets." + name,
                    "the data of " + kind + " do not repeat within a context or across samples",
                    "leave in_context and cross_sample out",
                    "task.kind");
              }
            });
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
      change.when().ifPresent(level -> waits(parts, level, name));
    }
  }

  /** A change waits for one stored column as it stands. */
  private static void waits(Parts parts, MeasurementSpec.Threshold level, String name) {
    boolean plain =
        !level.metric().contains("*")
            && level.member().isEmpty()
            && Derived.parse(level.metric()).isEmpty();
    if (level.smooth() > 1 || level.from().isPresent() || !plain) {
      parts.report(
          "repetition.changes",
          name + " can wait for a single measured column only, without smooth or from",
          "when: {metric: test.loss, below: 0.1}");
      return;
    }
    MeasurementRules.level(parts, level, name, "repetition.changes");
  }
}
