package dev.emergence.task;

import dev.emergence.spec.CausalGraph;
import dev.emergence.spec.RunConfig;

/** Causal graphs, for the contract of tasks on any backend. */
interface CausalGraphCase extends PlainTaskContract<CausalGraph> {
  @Override
  default TaskKind<CausalGraph> kind() {
    return TaskKind.of(CausalGraph.class, CausalGraphSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: causal_graph, symbols: 3, sequence_length: 12, graph: random, roots: 2,"
            + " concentration: 0.5}",
        sets);
  }
}
