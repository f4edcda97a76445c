package dev.emergence.spec;

import dev.emergence.spec.ArchitectureSpec.Activation;
import dev.emergence.spec.ArchitectureSpec.Initialization;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.ArchitectureSpec.TokenInitialization;

/**
 * What architectures on a residual stream share: embedding, positions, blocks of a token mixer and
 * an MLP, read-out. How the tokens of a sequence reach one another is the kind's own.
 */
public record Stack(
    @Key(
            doc = "Blocks of a token mixer (attention, say) and an MLP.",
            symbol = "layers",
            value = "2",
            min = 1,
            max = 64)
        int layers,
    @Key(
            doc = "Width of the residual stream.",
            symbol = "embedding_dim",
            value = "256",
            min = 1,
            max = 16384)
        int embeddingDim,
    @Key(
            doc = "Hidden width of the MLP over embedding_dim; 0 leaves the MLP out.",
            value = "4",
            min = 0,
            max = 64)
        int mlpFactor,
    @Key(doc = "How positions are told apart.", value = "sinusoidal")
        PositionalEncoding positionalEncoding,
    @Key(doc = "Where layer normalisation stands.", value = "none") LayerNorm layerNorm,
    @Key(doc = "The MLP's non-linearity.", value = "gelu") Activation activation,
    @Key(doc = "Which positions the prediction is read from.", value = "last") Readout readout,
    @Key(
            doc = "How weights are drawn; decides the length of the plateau.",
            value = "uniform_fan_in")
        Initialization initialization,
    @Key(
            doc = "How the table of tokens is drawn, in tasks whose tokens are integers.",
            value = "normal")
        TokenInitialization tokenInitialization,
    @Key(doc = "Adds each block's input to its output.", value = "true") boolean skipConnections) {

  /**
   * What a token mixer takes in one block.
   *
   * @param parameters its trained numbers
   * @param flops operations of a sequence
   * @param lastFlops operations of a sequence when the last position alone is read
   * @param activations numbers kept of one token for the backward pass
   */
  public record Mixing(double parameters, double flops, double lastFlops, double activations) {}

  /** What the whole stack takes, with the read-out shortcut of its last block. */
  public Work work(Prediction task, Mixing mixing) {
    double length = task.length();
    double width = embeddingDim;
    double hidden = width * mlpFactor;
    double mlp = 4 * width * hidden;
    double block = mixing.flops() + length * mlp;
    boolean lastOnly = readout == Readout.LAST && task.lastOnly();
    double readouts = readout == Readout.ALL ? length : task.scored().count();
    double forward =
        (task.discrete() ? 0 : 2 * length * task.inputs() * width)
            + (layers - 1) * block
            + (lastOnly ? mixing.lastFlops() + mlp : block)
            + readouts * 2 * width * task.outputs();
    double activations =
        length * (width + layers * (4 * width + mixing.activations() + 2 * hidden));
    return new Work((long) parameters(task, mixing), forward, activations);
  }

  private double parameters(Prediction task, Mixing mixing) {
    double width = embeddingDim;
    double hidden = width * mlpFactor;
    double mlp = hidden > 0 ? 2 * width * hidden + hidden + width : 0;
    double norms = layerNorm == LayerNorm.NONE ? 0 : 4 * width * layers + 2 * width;
    double table = positionalEncoding == PositionalEncoding.LEARNED ? task.length() * width : 0;
    return task.inputs() * width
        + width
        + layers * (mixing.parameters() + mlp)
        + norms
        + table
        + (width + 1) * task.outputs();
  }
}
