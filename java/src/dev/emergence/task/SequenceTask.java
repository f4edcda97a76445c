package dev.emergence.task;

import java.util.List;
import org.apiguardian.api.API;

/**
 * A task for one run, in plain Java. It draws sequences, and says which positions should be
 * attended to and which values of the metrics have a meaning. What is fixed for the run was drawn
 * when the task was made.
 */
@API(status = API.Status.EXPERIMENTAL)
public interface SequenceTask extends Sequences {

  /** Attention that is the same in every sequence. None by default. */
  default List<Attends> attends() {
    return List.of();
  }

  /**
   * Attention that differs between sequences. Each sequence writes it by {@link
   * SequenceOut#attends}. None by default.
   */
  default List<Attending> attending() {
    return List.of();
  }

  /**
   * Reference values of the metrics of a test set: {@code oracle} first, then simple strategies.
   * {@code loss} has an {@code oracle} and a {@code blind}, and so has {@code accuracy} where
   * classes are predicted. {@code blind} knows nothing: all classes are equally likely to it, so
   * that its loss is {@code ln(outputs)}. What knows how often each class occurs is a level of its
   * own, {@code unigram}. No name occurs twice for one metric.
   */
  List<Level> levels(String testSet);

  /**
   * The sequences of test sets without prompts. They have the same shape as the other sequences. By
   * default they are those of training, drawn from another stream; a task that {@link
   * dev.emergence.spec.TaskSpec#holdsOut holds out} some sequences gives these.
   */
  default SequenceTask tests() {
    return this;
  }

  /**
   * The sequences of one of the task's sets of prompts ({@link
   * dev.emergence.spec.TaskSpec#prompts}). They have the same shape as the other sequences. Only
   * what a prompt asks for is scored, and each prompt names its wrong answer ({@link
   * SequenceOut#foil}). Levels are those of strategies on prompts.
   *
   * @throws IllegalArgumentException when there is no such set
   */
  default SequenceTask prompts(String set) {
    throw new IllegalArgumentException("this task has no prompts '" + set + "'");
  }

  /**
   * Space for attention that differs between sequences.
   *
   * @param name name of this kind of attention, {@code parents}
   * @param queries largest number of positions that attend in a sequence
   * @param keys largest number of positions to which one of them should attend
   */
  record Attending(String name, int queries, int keys) {}
}
