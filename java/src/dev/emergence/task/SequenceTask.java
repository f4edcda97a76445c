package dev.emergence.task;

import java.util.List;

/**
 * A whole task in plain Java, for one run: how its sequences are drawn, what they should attend to,
 * and what its losses mean. What is fixed for the run was drawn when it was made.
 */
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
   * Room for attention that differs between sequences.
   *
   * @param name {@code parents}, ...
   * @param queries positions that attend in a sequence, at most
   * @param keys positions that matter to one, at most
   */
  record Attending(String name, int queries, int keys) {}
}
