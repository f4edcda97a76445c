package dev.emergence.spec;

import java.util.ArrayList;
import java.util.List;

/** The rules between keys: what no single key's range can say. */
final class Contradictions {
  /** A configuration under examination, and what was found in it. */
  record Parts(
      TaskSpec task,
      RepetitionSpec repetition,
      ArchitectureSpec architecture,
      TrainingSpec training,
      MeasurementSpec measurement,
      List<Problem> found) {

    void report(String path, String message, String hint, String... related) {
      found.add(new Problem("E140", path, message, List.of(related), hint));
    }

    void report(Problem problem) {
      found.add(problem);
    }

    boolean isToy() {
      return architecture instanceof ArchitectureSpec.Toy;
    }

    boolean isRecall() {
      return task instanceof TaskSpec.AssociativeRecall;
    }
  }

  private Contradictions() {}

  static List<Problem> of(
      TaskSpec task,
      RepetitionSpec repetition,
      ArchitectureSpec architecture,
      TrainingSpec training,
      MeasurementSpec measurement) {
    Parts parts =
        new Parts(task, repetition, architecture, training, measurement, new ArrayList<>());
    TaskRules.apply(parts);
    TrainingRules.apply(parts);
    MeasurementRules.apply(parts);
    return parts.found();
  }
}
