package dev.emergence.task;

import dev.emergence.spec.InterleavedChains;
import dev.emergence.spec.RunConfig;

/** Interleaved Markov chains, for the contract of tasks on any backend. */
interface InterleavedChainsCase extends PlainTaskContract<InterleavedChains> {
  @Override
  default TaskKind<InterleavedChains> kind() {
    return TaskKind.of(InterleavedChains.class, InterleavedChainsSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: interleaved_chains, symbols: 3, sequence_length: 12, lags: 4, concentration: 0.5}",
        sets);
  }
}
