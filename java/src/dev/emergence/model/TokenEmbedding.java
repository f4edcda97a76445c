package dev.emergence.model;

import dev.emergence.spec.Stack;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;

/** A table of vectors, one for each token of the vocabulary: (V, D). */
final class TokenEmbedding implements Embedding {
  private final Backend backend;
  private final Tensor table;
  private final Tensor dTable;

  TokenEmbedding(Memory memory, String name) {
    this.backend = memory.backend();
    this.table = memory.parameters().value(name + ".weight");
    this.dTable = memory.parameters().gradient(name + ".weight");
  }

  static void declare(Layout.Builder layout, String name, Stack spec, Signature signature) {
    Initial initial =
        Initials.tokens(spec.tokenInitialization(), spec.initialization(), signature.inputs());
    layout.add(name + ".weight", initial, signature.inputs(), spec.embeddingDim());
  }

  /** (R, V, D). */
  Tensor table() {
    return table;
  }

  /**
   * Adds to the gradient of the table, after {@link #backward}.
   *
   * @param more (R, V, D)
   */
  void accumulate(Tensor more) {
    backend.accumulate(more, dTable);
  }

  @Override
  public void forward(Tensor input, Tensor out) {
    backend.embed(input, table, out);
  }

  @Override
  public void backward(Tensor dOut, Tensor input) {
    backend.embedBackward(input, dOut, dTable);
  }
}
