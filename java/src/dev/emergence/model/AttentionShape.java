package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.TransformerSpec;
import java.util.Optional;

/**
 * Sizes of a self-attention layer.
 *
 * @param batch B
 * @param length L
 * @param width D, of the vectors read and written
 * @param heads H
 * @param headDim Dh
 * @param rotated numbers of a head that turn with the position; 0: none
 */
record AttentionShape(
    int batch, int length, int width, int heads, int headDim, boolean causal, int rotated) {

  static AttentionShape of(TransformerSpec spec, int batch, int length) {
    return new AttentionShape(
        batch,
        length,
        spec.shared().embeddingDim(),
        spec.heads(),
        spec.headDim(),
        spec.attention() == AttentionMask.CAUSAL,
        spec.shared().positionalEncoding() == PositionalEncoding.ROTARY ? spec.rotated() : 0);
  }

  /** H · Dh. */
  int inner() {
    return heads * headDim;
  }

  /** Turns queries and keys with their position, where the file asks for it. */
  Optional<RotaryPositions> rotary(Memory memory) {
    return rotated == 0 ? Optional.empty() : Optional.of(new RotaryPositions(memory, this));
  }

  /** 1/sqrt(Dh). */
  double scale() {
    return 1 / Math.sqrt(headDim);
  }

  /**
   * Whether one query a sequence costs less without keys and values. Forming them takes 4 L D H Dh
   * operations forward; without them 4 L D H go into scores and sums over tokens, and 4 D H Dh into
   * the query's side. Those small products run at about a quarter of the large one's rate.
   */
  boolean cheaperWithoutKeys() {
    return (long) length * headDim > 4L * (length + headDim);
  }

  /** Operations of keys and values, forward and backward. */
  double operationsOfKeys() {
    return 12.0 * batch * length * width * inner();
  }

  /**
   * Operations that the first block saves, forward and backward, where it forms queries, keys and
   * values through the embedding of vectors of width d: B L D multiplications a column, three
   * times, become B L d twice and (d + L) D three times. Nothing unless a quarter is saved, for the
   * further passes.
   *
   * @param inputs d
   */
  double operationsSavedByEmbedding(int inputs) {
    double tokens = (double) batch * length;
    double plain = 3 * tokens * width;
    double saved = plain - 2 * tokens * inputs - 3.0 * (inputs + length) * width;
    return saved < plain / 4 ? 0 : 2 * 3 * inner() * saved;
  }

  /**
   * Operations that the first block saves, forward and backward, where it forms queries, keys and
   * values from the tables of tokens and positions: three products with as many rows as there are
   * tokens in the batch become three with the rows of the tables. Nothing unless half is saved, for
   * the further passes.
   *
   * @param vocabulary V
   */
  double operationsSavedByTables(int vocabulary) {
    double tokens = (double) batch * length;
    double rows = (double) vocabulary + length + 1;
    return rows > tokens / 2 ? 0 : 2.0 * 3 * width * 3 * inner() * (tokens - rows);
  }

  /**
   * Parameters of any form of attention: queries, keys and values side by side, then the output.
   */
  static void declare(Layout.Builder layout, String name, TransformerSpec spec) {
    int inner = spec.heads() * spec.headDim();
    LinearKind kind = LinearKind.mixing(spec.shared());
    Linear.declare(
        layout,
        kind,
        inner,
        spec.shared().embeddingDim(),
        name + ".query",
        name + ".key",
        name + ".value");
    LinearKind last = kind.last(spec.shared());
    Linear.declare(layout, last, spec.shared().embeddingDim(), inner, name + ".output");
  }
}
