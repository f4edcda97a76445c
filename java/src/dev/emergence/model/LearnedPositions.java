package dev.emergence.model;

import dev.emergence.spec.Stack;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;

/** A learned vector for each position: (L, D). */
final class LearnedPositions implements Positions {
  private final Backend backend;
  private final Tensor table;
  private final Tensor dTable;

  LearnedPositions(Memory memory, String name) {
    this.backend = memory.backend();
    this.table = memory.parameters().value(name + ".weight");
    this.dTable = memory.parameters().gradient(name + ".weight");
  }

  static void declare(Layout.Builder layout, String name, Stack spec, int length) {
    layout.add(
        name + ".weight", Initials.positions(spec.initialization()), length, spec.embeddingDim());
  }

  @Override
  public Tensor table() {
    return table;
  }

  @Override
  public void forward(Tensor x) {
    backend.addPositions(x, table);
  }

  @Override
  public void backward(Tensor dX) {
    backend.addPositionsBackward(dX, dTable);
  }

  @Override
  public void accumulate(Tensor more) {
    backend.accumulate(more, dTable);
  }
}
