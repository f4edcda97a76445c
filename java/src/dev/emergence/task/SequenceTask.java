package dev.emergence.task;

import java.util.List;
import org.apiguardian.api.API;

/**
 * A whole task in plain Java, for one run: how its sequences are drawn, what they should attend to,
 * and what its losses mean. What is fixed for the run was drawn when it was made.
 */
@API(status = API.Status.EXPERIMENTAL)
public interface SequenceTask extends Sequences {

  /** Attention that is the same in every sequence; none by default. */
  default List<Attends> attends() {
    return List.of();
  }

  /** Attention that each sequence writes by {@link SequenceOut#attends}; none by default. */
  default List<Attending> attending() {
    return List.of();
  }

  /** Levels of the metrics of a test set: oracle first, then ways of guessing. */
  List<Level> levels(String testSet);

  /**
   * The sequences of one of the task's prompt sets ({@link dev.emergence.spec.TaskSpec#prompts}):
   * they have the shape of the others, score what is asked for alone, and name its foils ({@link
   * SequenceOut#foil}). Its levels are those of guessing on prompts.
   *
   * @throws IllegalArgumentException when there is no such set
   */
  default SequenceTask prompts(String set) {
    throw new IllegalArgumentException("this task has no prompts '" + set + "'");
  }

  /**
   * Room for attention that differs between sequences.
   *
   * @param name {@code parents}, ...
   * @param queries positions that attend in a sequence, at most
   * @param keys positions that matter to one, at most
   */
  record Attending(String name, int queries, int keys) {}
}
