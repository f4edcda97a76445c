package dev.emergence.task;

import dev.emergence.tensor.RandomStream;

/**
 * The meaning of a task's data: sequence n of batch {@code step}, a pure function of the stream.
 * Native samplers, where a task has one, must agree with it bit for bit.
 */
public interface Sequences {
  /**
   * Writes one sequence. Called by several threads at once, for steps in any order.
   *
   * @param stream all random numbers of the run for this purpose; a draw takes words of {@code
   *     stream.lane(i, step, n)} alone, i from 0
   * @param step number of the batch, from 0. In training it is the step for which the batch is
   *     drawn, from 1; with {@code repetition.dataset} it is always 0. The batches of a test set
   *     are numbered from 0, whenever it is measured. So a task whose data change with the step
   *     gives test sets sequences of their own ({@link SequenceTask#tests})
   * @param n number of the sequence in the batch, from 0
   * @param out room for the sequence, all of which must be written
   */
  void draw(RandomStream stream, int step, int n, SequenceOut out);
}
