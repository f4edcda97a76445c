package dev.emergence.task;

import dev.emergence.spec.LinearMap;
import dev.emergence.spec.RunConfig;

/** Linear maps, for the contract of tasks on any backend. */
interface LinearMapCase extends PlainTaskContract<LinearMap> {
  @Override
  default TaskKind<LinearMap> kind() {
    return TaskKind.of(LinearMap.class, LinearMapSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain("{kind: linear_map, cells: 5, parents: 2, states: 3}", sets);
  }
}
