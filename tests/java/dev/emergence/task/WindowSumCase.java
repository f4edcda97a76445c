package dev.emergence.task;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.WindowSum;

/** Moving-window sums, for the contract of tasks on any backend. */
interface WindowSumCase extends PlainTaskContract<WindowSum> {
  @Override
  default TaskKind<WindowSum> kind() {
    return TaskKind.of(WindowSum.class, (spec, stream) -> new WindowSumSequences(spec));
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain("{kind: window_sum, numbers: 5, window: 3, modulus: 7}", sets);
  }
}
