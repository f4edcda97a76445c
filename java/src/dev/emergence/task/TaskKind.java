package dev.emergence.task;

import dev.emergence.spec.Extension;
import dev.emergence.spec.TaskSpec;
import dev.emergence.tensor.RandomStream;
import java.util.function.BiFunction;
import org.apiguardian.api.API;

/**
 * A kind of task in plain Java: how a file describes it, and how it is made. Ours stand in {@link
 * Tasks}; others are found as {@link Extension}s.
 *
 * @param <S> the record that describes it
 */
@API(status = API.Status.EXPERIMENTAL)
public interface TaskKind<S extends Record & TaskSpec> extends Extension {
  @Override
  Class<S> spec();

  /**
   * The task of one run.
   *
   * @param stream what is fixed for the run is drawn from it; lanes as the task likes
   */
  SequenceTask create(S spec, RandomStream stream);

  /** A kind from its parts. */
  static <S extends Record & TaskSpec> TaskKind<S> of(
      Class<S> spec, BiFunction<S, RandomStream, SequenceTask> create) {
    return new TaskKind<>() {
      @Override
      public Class<S> spec() {
        return spec;
      }

      @Override
      public SequenceTask create(S described, RandomStream stream) {
        return create.apply(described, stream);
      }
    };
  }
}
