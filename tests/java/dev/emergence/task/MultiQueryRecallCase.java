package dev.emergence.task;

import dev.emergence.spec.MultiQueryRecall;
import dev.emergence.spec.RunConfig;

/** Recall with several queries, for the contract of tasks on any backend. */
interface MultiQueryRecallCase extends PlainTaskContract<MultiQueryRecall> {
  @Override
  default TaskKind<MultiQueryRecall> kind() {
    return TaskKind.of(
        MultiQueryRecall.class, (spec, stream) -> new MultiQueryRecallSequences(spec));
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: multi_query_recall, pairs: 5, queries: 3, keys: 9, values: 4}", sets);
  }
}
