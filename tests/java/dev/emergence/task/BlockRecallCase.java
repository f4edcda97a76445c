package dev.emergence.task;

import dev.emergence.spec.BlockRecall;
import dev.emergence.spec.RunConfig;

/** Recall by attributes, for the contract of tasks on any backend. */
interface BlockRecallCase extends PlainTaskContract<BlockRecall> {
  @Override
  default TaskKind<BlockRecall> kind() {
    return TaskKind.of(BlockRecall.class, BlockRecallSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: block_recall, blocks: 4, attributes: 3, relevant: 2, alphabet: 3, values: 5}",
        sets);
  }
}
