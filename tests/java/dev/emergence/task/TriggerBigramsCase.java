package dev.emergence.task;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TriggerBigrams;

/** Bigrams with triggers, for the contract of tasks on any backend. */
interface TriggerBigramsCase extends PlainTaskContract<TriggerBigrams> {
  @Override
  default TaskKind<TriggerBigrams> kind() {
    return TaskKind.of(TriggerBigrams.class, TriggerBigramsSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: trigger_bigrams, vocabulary: 7, sequence_length: 12, triggers: 2, choice: fixed,"
            + " outputs: bigram}",
        sets);
  }
}
