package dev.emergence.task;

import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.RunConfig;

/** Cellular automata, for the contract of tasks on any backend. */
interface AutomatonCase extends PlainTaskContract<CellularAutomaton> {
  @Override
  default TaskKind<CellularAutomaton> kind() {
    return TaskKind.of(CellularAutomaton.class, AutomatonSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain("{kind: cellular_automaton, cells: 5, rules: 7, states: 4}", sets);
  }
}
