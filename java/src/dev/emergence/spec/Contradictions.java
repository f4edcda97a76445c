package dev.emergence.spec;

import java.util.ArrayList;
import java.util.List;

/** The rules between keys: what no single key's range can say. */
final class Contradictions {
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
    architecture.rules(parts);
    StackRules.apply(parts);
    LogitBiasRules.apply(parts);
    boolean fits = parts.found().isEmpty();
    TrainingRules.apply(parts);
    GroupRules.apply(parts, fits);
    MeasurementRules.apply(parts);
    return parts.found();
  }
}
