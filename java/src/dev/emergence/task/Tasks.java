package dev.emergence.task;

import dev.emergence.spec.Kind;
import dev.emergence.spec.TaskSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The catalog of tasks: one line each. */
public final class Tasks {
  private static final Map<Class<? extends TaskSpec>, Factory> KNOWN =
      Map.of(
          TaskSpec.LinearRegression.class, LinearRegressionTask::new,
          TaskSpec.AssociativeRecall.class, AssociativeRecallTask::new);

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
    Class<? extends TaskSpec> kind = replicas.get(0).config().task().getClass();
    Factory factory = KNOWN.get(kind);
    if (factory == null) {
      TreeSet<String> names = new TreeSet<>();
      KNOWN.keySet().forEach(k -> names.add(word(k)));
      throw new IllegalArgumentException(
          "unknown task '" + word(kind) + "'; known: " + String.join(", ", names));
    }
    return factory.create(backend, scope, List.copyOf(replicas));
  }

  private static String word(Class<?> spec) {
    Kind kind = spec.getAnnotation(Kind.class);
    return kind == null ? spec.getSimpleName() : kind.value();
  }
}
