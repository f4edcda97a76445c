package dev.emergence.task;

import dev.emergence.spec.MarkovChain;
import dev.emergence.spec.RunConfig;

/** Markov chains in context, for the contract of tasks on any backend. */
interface MarkovChainCase extends PlainTaskContract<MarkovChain> {
  @Override
  default TaskKind<MarkovChain> kind() {
    return TaskKind.of(MarkovChain.class, (spec, stream) -> new MarkovChainSequences(spec));
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: markov_chain, symbols: 3, sequence_length: 12, order: 2, concentration: 0.5}",
        sets);
  }
}
