package dev.emergence.model;

import dev.emergence.tensor.Tensor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a mixer's branch stands in a network.
 *
 * @param name of its parameters, as the mixer declared them
 * @param layer of its block, from 0
 * @param batch sequences, B
 * @param length tokens of a sequence, L
 * @param source what the branch reads is linear in a task's vectors, and how; absent behind a norm,
 *     another block or a table of tokens
 */
record Site(
    Memory memory,
    String name,
    int layer,
    int batch,
    int length,
    NetworkOptions options,
    Optional<Source> source) {

  /**
   * The first block's input without a norm: x = E u + positions for vectors u.
   *
   * @param inputs numbers of a vector
   * @param read the vectors (R, B, L, inputs) that the network reads at the moment
   */
  record Source(Positions positions, int inputs, Supplier<Tensor> read) {}
}
