package dev.emergence.train;

import dev.emergence.spec.RunConfig;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.List;

/** Whether a test set holds anything that is scored, known without training. */
public final class Scored {
  private Scored() {}

  /**
   * Whether any target of a run's test set is scored. Draws its parts as evaluations do, up to the
   * first that has one.
   *
   * @throws IllegalArgumentException when there is no such test set
   */
  public static boolean isAny(Backend backend, Replica run, String testSet) {
    RunConfig config = run.config();
    Chunks chunks =
        Chunks.of(config.measurement().evaluateSamples(), config.task().predicts().length());
    try (Scope scope = new Scope(backend)) {
      Batch batch = Tasks.create(backend, scope, List.of(run)).test(testSet, chunks.size());
      Tensor part = scope.ints(1);
      for (int i = 0; i < chunks.count(); i++) {
        backend.write(part, new int[] {i});
        batch.draw(part);
        int[] targets = backend.ints(batch.target());
        int used = targets.length / chunks.size() * chunks.used(i);
        for (int k = 0; k < used; k++) {
          if (targets[k] >= 0) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
