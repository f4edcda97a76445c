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
 * @param source what the first block's input is made of, where a branch can look through it; absent
 *     behind another block
 */
record Site(
    Memory memory,
    String name,
    int layer,
    int batch,
    int length,
    NetworkOptions options,
    Optional<Source> source) {

  /** How the first block's input comes from what the network reads, and what follows from it. */
  sealed interface Source {

    /** Operations a step that {@link #projection} saves; 0 where it is not worth it. */
    double saved(AttentionShape shape);

    /**
     * Queries, keys and values by way of what the input is made of.
     *
     * @param name of attention's parameters, as {@link AttentionShape#declare} made them
     */
    Projection projection(Memory memory, String name, AttentionShape shape);
  }

  /**
   * Without a norm before the block: x = E u + positions for vectors u.
   *
   * @param read the vectors (R, B, L, inputs) that the network reads at the moment
   * @param inputs numbers of a vector
   */
  record Vectors(Positions positions, Supplier<Tensor> read, int inputs) implements Source {
    @Override
    public double saved(AttentionShape shape) {
      return shape.operationsSavedByEmbedding(inputs);
    }

    @Override
    public Projection projection(Memory memory, String name, AttentionShape shape) {
      return new EmbeddedProjection(memory, name, shape, this);
    }
  }

  /**
   * With a norm before the block, which the branch may take over: x = E[t] + positions for tokens
   * t.
   *
   * @param read the tokens (R, B, L) i32 that the network reads at the moment
   */
  record Tokens(Positions positions, Supplier<Tensor> read, TokenEmbedding embedding)
      implements Source {
    @Override
    public double saved(AttentionShape shape) {
      return shape.operationsSavedByTables(embedding.table().dim(1));
    }

    @Override
    public Projection projection(Memory memory, String name, AttentionShape shape) {
      return new TableProjection(memory, name, shape, this);
    }
  }
}
