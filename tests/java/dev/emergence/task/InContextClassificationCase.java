package dev.emergence.task;

import dev.emergence.spec.InContextClassification;
import dev.emergence.spec.RunConfig;

/** Classification in context, for the contract of tasks on any backend. */
interface InContextClassificationCase extends PlainTaskContract<InContextClassification> {
  @Override
  default TaskKind<InContextClassification> kind() {
    return TaskKind.of(InContextClassification.class, InContextClassificationSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: in_context_classification, pairs: 4, classes: 7, labels: 3, dim: 5, burstiness: 2,"
            + " bursty_share: 0.5, zipf: 1}",
        sets);
  }
}
