package dev.emergence.spec;

import java.util.Optional;

/** A linear recurrence of each channel by itself (De et al. 2024; Orvieto et al. 2023). */
@Kind(value = "diagonal_rnn", doc = "A linear recurrence in each channel, and MLP blocks.")
public record DiagonalRnnSpec(
    @Inline Stack shared,
    @Key(
            doc =
                "What decides how much a channel keeps and takes in. none: a learned"
                    + " number for each channel; input: the current token.",
            value = "input")
        Gate gate)
    implements ArchitectureSpec {

  /** What decides how much a channel keeps and takes in. */
  public enum Gate {
    /** Nothing: each channel learns one number. */
    NONE,
    /** The token at hand. */
    INPUT
  }

  @Override
  public Method method() {
    return Method.TRAINED;
  }

  @Override
  public int heads() {
    return 0;
  }

  @Override
  public Optional<Stack> stack() {
    return Optional.of(shared);
  }

  @Override
  public Work work(Prediction task) {
    double width = shared.embeddingDim();
    double layers = gate == Gate.INPUT ? 4 : 2;
    double parameters = layers * shared.mixingLayer(width, width) + width;
    double flops = task.length() * layers * 2 * width * width;
    return shared.work(task, new Stack.Mixing(parameters, flops, flops, layers * width));
  }

  @Override
  public void rules(Parts parts) {
    ArchitectureSpec.super.rules(parts);
    shared.rulesWithoutAttention(parts);
  }
}
