package dev.emergence.task;

import dev.emergence.spec.BlockRecall;
import dev.emergence.spec.Catalog;
import dev.emergence.spec.CausalGraph;
import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.Extension;
import dev.emergence.spec.Extensions;
import dev.emergence.spec.InContextClassification;
import dev.emergence.spec.InterleavedChains;
import dev.emergence.spec.LinearMap;
import dev.emergence.spec.MarkovChain;
import dev.emergence.spec.ModularAddition;
import dev.emergence.spec.MultiQueryRecall;
import dev.emergence.spec.SyntheticLanguage;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TriggerBigrams;
import dev.emergence.spec.WindowSum;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The catalog of tasks: one line each, those drawn by kernels and those in plain Java; and the
 * tasks of jars of one's own.
 */
public final class Tasks {
  private static final Catalog<TaskSpec, Entry> KNOWN =
      Catalog.complete("task", TaskSpec.class, entries());

  private Tasks() {}

  private static Map<Class<? extends TaskSpec>, Entry> entries() {
    Map<Class<? extends TaskSpec>, Entry> all = new LinkedHashMap<>();
    all.put(
        TaskSpec.LinearRegression.class,
        new Entry(LinearRegressionTask::new, LinearRegressionTask::levels));
    all.put(
        TaskSpec.AssociativeRecall.class,
        new Entry(AssociativeRecallTask::new, AssociativeRecallTask::levels));
    plain(TaskKind.of(LinearMap.class, LinearMapSequences::of), all);
    plain(TaskKind.of(CellularAutomaton.class, AutomatonSequences::of), all);
    plain(TaskKind.of(BlockRecall.class, BlockRecallSequences::of), all);
    plain(TaskKind.of(SyntheticLanguage.class, SyntheticLanguageSequences::of), all);
    plain(TaskKind.of(MarkovChain.class, (spec, stream) -> new MarkovChainSequences(spec)), all);
    plain(
        TaskKind.of(MultiQueryRecall.class, (spec, stream) -> new MultiQueryRecallSequences(spec)),
        all);
    plain(TaskKind.of(InContextClassification.class, InContextClassificationSequences::of), all);
    plain(TaskKind.of(InterleavedChains.class, InterleavedChainsSequences::of), all);
    plain(TaskKind.of(CausalGraph.class, CausalGraphSequences::of), all);
    plain(TaskKind.of(TriggerBigrams.class, TriggerBigramsSequences::of), all);
    plain(TaskKind.of(ModularAddition.class, ModularAdditionSequences::of), all);
    plain(TaskKind.of(WindowSum.class, (spec, stream) -> new WindowSumSequences(spec)), all);
    for (Extension extension : Extensions.all()) {
      if (extension instanceof TaskKind<?> kind) {
        plain(kind, all);
      }
    }
    return all;
  }

  private static <S extends Record & TaskSpec> void plain(
      TaskKind<S> kind, Map<Class<? extends TaskSpec>, Entry> to) {
    to.put(
        kind.spec(),
        new Entry(
            (backend, scope, runs) -> PlainTask.create(kind, backend, scope, runs),
            (run, testSet) -> PlainTask.levels(kind, run, testSet)));
  }

  /** How a task is made, and what its metrics mean. */
  private record Entry(Factory factory, Levels levels) {}

  /** Levels of one run, without a device. */
  private interface Levels {
    List<Level> of(Replica run, String testSet);
  }

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
    Factory factory = KNOWN.of(replicas.get(0).config().task()).factory();
    return factory.create(backend, scope, List.copyOf(replicas));
  }

  /**
   * Levels of the metrics of a test set of one run, as {@link Task#levels} has them, without a
   * device.
   *
   * @throws IllegalArgumentException when there is no such test set
   */
  public static List<Level> levels(Replica run, String testSet) {
    return KNOWN.of(run.config().task()).levels().of(run, testSet);
  }
}
