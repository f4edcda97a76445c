package dev.emergence.train;

import dev.emergence.spec.RunConfig;
import dev.emergence.task.Task;
import dev.emergence.tensor.ShapedArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How each replica's training data repeats, as its changes have it now, in the cohort's task. */
final class Repetitions {
  private static final String IN_CONTEXT = "in_context";
  private static final String CROSS_SAMPLE = "cross_sample";

  private final Task task;
  private final List<RepetitionChanges> changes;
  private final List<String> columns;

  /**
   * @param configs one a replica, all with the same changes
   */
  Repetitions(Task task, List<RunConfig> configs) {
    this.task = task;
    this.changes =
        new ArrayList<>(configs.stream().map(c -> new RepetitionChanges(c.repetition())).toList());
    this.columns =
        configs.get(0).repetition().changes().isEmpty()
            ? List.of()
            : List.of(IN_CONTEXT, CROSS_SAMPLE);
  }

  /** Begins anew for a run that takes a replica's place. {@link #apply} puts it into effect. */
  void enter(int replica, RunConfig config) {
    changes.set(replica, new RepetitionChanges(config.repetition()));
  }

  /** Goes on from what {@link #save} kept. */
  void restore(int replica, Snapshot from) {
    changes.get(replica).restore(from);
  }

  /** What must be kept of a replica to go on. */
  void save(int replica, Map<String, ShapedArray> to) {
    changes.get(replica).save(to);
  }

  /** Lets the task draw a replica's data as its changes have it after so many steps. */
  void apply(int replica, long step) {
    RepetitionChanges now = changes.get(replica);
    now.reached(step);
    task.repeat(replica, now.inContext(), now.crossSample());
  }

  /** The same, where a change is due by the clock. */
  void advance(int replica, long step) {
    if (changes.get(replica).next() <= step) {
      apply(replica, step);
    }
  }

  /** The same, where a row of measurements calls for a change. */
  void react(int replica, long step, ToDoubleFunction<String> metric) {
    if (changes.get(replica).measured(step, metric)) {
      apply(replica, step);
    }
  }

  /**
   * Steps until the repetition of a replica changes by the clock.
   *
   * @param steps that each has taken
   */
  long untilChange(long[] steps) {
    return IntStream.range(0, changes.size())
        .mapToLong(r -> changes.get(r).next() - steps[r])
        .min()
        .orElseThrow();
  }

  /** Columns of the curve that show it; none where nothing changes. */
  List<String> columns() {
    return columns;
  }

  /** Writes the columns. */
  void measure(Means to) {
    if (!columns.isEmpty()) {
      to.set(IN_CONTEXT, changes.stream().mapToDouble(RepetitionChanges::inContext).toArray());
      to.set(CROSS_SAMPLE, changes.stream().mapToDouble(RepetitionChanges::crossSample).toArray());
    }
  }

  /** A replica's B as of now. */
  int inContext(int replica) {
    return changes.get(replica).inContext();
  }
}
