package dev.emergence.task;

import dev.emergence.tensor.Tensor;
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
   * What it should predict at the Q scored positions of the task: (R, N, Q, outputs), or classes (R,
   * N, Q) i32 with -1 where nothing is scored.
   */
  Tensor target();

  /**
   * Ground truth of the attention: (R, N, L) i32, 1 on the tokens that the read-out should attend
   * to. All zero in a sequence that has none.
   */
  Tensor relevant();

  /** The step before the read-out, in tasks that have one. */
  Optional<Link> link();

  /**
   * An operation of the backend: fills all tensors with batch {@code step} of the stream. @param
   * step (R) i32
   */
  void draw(Tensor step);

  /**
   * An earlier token that must attend to another: in associative recall the value of the asked
   * pair, to its key.
   *
   * @param from (R, N) i32: position of the token that attends; -1 in a sequence that has none
   * @param to (R, N, L) i32: 1 on the tokens that it should attend to
   */
  record Link(Tensor from, Tensor to) {}
}
