package dev.emergence.task;

import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Room for N sequences of each replica from one distribution, and the operation that fills it. Its
 * tensors stay the same; each draw overwrites them. All of a draw is a function of seed, purpose
 * and step, whatever was drawn before.
 */
public interface Batch {

  /** What the model reads: (R, N, L, inputs), or tokens (R, N, L) i32. */
  Tensor input();

  /**
   * What it should predict at the Q scored positions of the task: (R, N, Q, outputs), or classes
   * (R, N, Q) i32 with -1 where nothing is scored.
   */
  Tensor target();

  /**
   * Of prompts, for each target a class that the prompt suggests and that is wrong: as {@link
   * #target}. Empty for other sequences.
   */
  default Optional<Tensor> foil() {
    return Optional.empty();
  }

  /**
   * Ground truth of the attention, as far as it is known: first what the scored positions should
   * attend to, then what earlier ones should. In associative recall {@code query_to_value}, then
   * {@code value_to_key}: the value of the asked pair attends to its key.
   *
   * <p>Call it before {@link #draw} is called or recorded; draws before that may leave the lists
   * alone.
   */
  List<Parents> parents();

  /**
   * An operation of the backend: fills all tensors with batch {@code step} of the stream.
   *
   * @param step (R) i32
   */
  void draw(Tensor step);
}
