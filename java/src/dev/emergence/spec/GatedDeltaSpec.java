package dev.emergence.spec;

import java.util.Optional;

/** The gated delta rule (Yang et al. 2024). */
@Kind(
    value = "gated_delta",
    doc = "A memory for each head, updated by the gated delta rule, and MLP" + " blocks.")
public record GatedDeltaSpec(@Inline Stack shared, @Inline HeadSizes each)
    implements ArchitectureSpec {

  @Override
  public Method method() {
    return Method.TRAINED;
  }

  @Override
  public int heads() {
    return 0; // nothing attends by softmax
  }

  @Override
  public Optional<Stack> stack() {
    return Optional.of(shared);
  }

  @Override
  public Work work(Prediction task) {
    double width = shared.embeddingDim();
    double all = each.all();
    double gates = 2.0 * each.heads();
    double parameters =
        3 * shared.mixingLayer(width, all) + shared.mixingLayer(all, width) + gates * width + gates;
    double flops = task.length() * (8 * width * all + 2 * width * gates + 6 * all * each.headDim());
    return shared.work(task, new Stack.Mixing(parameters, flops, flops, 4 * all + gates));
  }

  @Override
  public void rules(Parts parts) {
    ArchitectureSpec.super.rules(parts);
    shared.rulesWithoutAttention(parts);
  }
}
