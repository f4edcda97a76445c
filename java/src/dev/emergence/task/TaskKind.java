package dev.emergence.task;

import dev.emergence.spec.Extension;
import dev.emergence.spec.TaskSpec;
import dev.emergence.tensor.RandomStream;
import java.util.function.BiFunction;
import org.apiguardian.api.API;

/**
 * A kind of task in plain Java: the record that describes it in a file, and how a task is made from
 * it. The built-in ones are listed in {@link Tasks}. Those of other jars are found as {@link
 * Extension}s.
 *
 * @param <S> the record that describes it
 */
@API(status = API.Status.EXPERIMENTAL)
public interface TaskKind<S extends Record & TaskSpec> extends Extension {
  @Override
  Class<S> spec();

  /**
   * Makes the task of one run.
   *
   * @param spec what the file says
   * @param stream random numbers for what is fixed during the run; the task may use any lanes
   */
  SequenceTask create(S spec, RandomStream stream);

  /** Makes a kind from its parts. */
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
