package dev.emergence.task;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** A task on a backend, from which batches are drawn and read. */
public final class Lab implements AutoCloseable {
  private final Backend backend;
  private final Scope scope;
  private final Task task;
  private final Tensor step;

  /** A task on a backend, which stays the caller's. */
  public Lab(Backend backend, List<Replica> replicas) {
    this.backend = backend;
    this.scope = new Scope(backend);
    this.task = Tasks.create(backend, scope, replicas);
    this.step = scope.ints(replicas.size());
  }

  /** One replica on the reference backend. */
  public static Lab of(RunConfig config, int seed) {
    return new Lab(new ReferenceBackend(), List.of(new Replica(config, seed)));
  }

  public Task task() {
    return task;
  }

  /** A training batch, of the first replica. */
  public Drawn training(int samples, int step) {
    return draw(task.training(samples), step, 0);
  }

  /** Part {@code step} of a test set, of the first replica. */
  public Drawn test(String testSet, int samples, int step) {
    return draw(task.test(testSet, samples), step, 0);
  }

  /** Draws into a batch and reads a replica's part. */
  public Drawn draw(Batch batch, int step, int replica) {
    int[] steps = new int[this.step.replicas()];
    Arrays.fill(steps, step);
    backend.write(this.step, steps);
    batch.parents();
    batch.draw(this.step);
    return Drawn.read(backend, batch, replica);
  }

  /** The step tensor that batches are drawn with. */
  public Tensor step() {
    return step;
  }

  @Override
  public void close() {
    scope.close();
  }
}
