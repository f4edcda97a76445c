package dev.emergence.task;

import dev.emergence.spec.Catalog;
import dev.emergence.spec.TaskSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import java.util.List;
import java.util.Map;

/** The catalog of tasks: one line each. */
public final class Tasks {
  private static final Catalog<TaskSpec, Factory> KNOWN =
      Catalog.complete(
          "task",
          TaskSpec.class,
          Map.of(
              TaskSpec.LinearRegression.class, LinearRegressionTask::new,
              TaskSpec.AssociativeRecall.class, AssociativeRecallTask::new));

  private Tasks() {}

  /** Makes a task for replicas whose shapes are known to agree. */
  private interface Factory {
    Task create(Backend backend, Scope scope, List<Replica> replicas);
  }

  /**
   * The task of the replicas.
   *
   * @param scope owner of its memory
   * @param replicas at least one; of equal {@code task}, {@code repetition.repeated_tokens}, names
   *     and query placements of test sets
   * @throws IllegalArgumentException naming what differs between replicas, or the known tasks
   */
  public static Task create(Backend backend, Scope scope, List<Replica> replicas) {
    Cohort.requireEqualShapes(replicas);
    return KNOWN.of(replicas.get(0).config().task()).create(backend, scope, List.copyOf(replicas));
  }
}
