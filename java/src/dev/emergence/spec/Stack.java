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
            doc = "Number of blocks. A block is a token mixer (such as attention) and an" + " MLP.",
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
            doc = "Hidden width of the MLP as a multiple of embedding_dim. 0: no MLP.",
            value = "4",
            min = 0,
            max = 64)
        int mlpFactor,
    @Key(
            doc =
                "How positions are marked. sinusoidal: fixed sines and cosines are"
                    + " added; learned: a learned table is added; rotary: queries and keys are"
                    + " turned by an angle that grows with the position; none: not at all.",
            value = "sinusoidal")
        PositionalEncoding positionalEncoding,
    @Key(
            doc =
                "Where layer normalisation is applied. pre: before the mixer, before"
                    + " the MLP and before the read-out; post: after each residual sum.",
            value = "none")
        LayerNorm layerNorm,
    @Key(doc = "Non-linearity of the MLP.", value = "gelu") Activation activation,
    @Key(
            doc =
                "Which positions the prediction is read from. all: every scored position,"
                    + " or, if the task scores only the last, every position, each compared with"
                    + " the one target; mean: the mean over positions; auto: last if the task"
                    + " scores only the last position, else all.",
            value = "auto")
        Readout readout,
    @Key(
            doc =
                "How initial weights are drawn; this strongly changes the length of the"
                    + " plateau. uniform_fan_in: weights and biases uniform within"
                    + " 1/sqrt(inputs); lecun_normal: normal with variance 1/inputs;"
                    + " normal_002: normal with standard deviation 0.02.",
            value = "uniform_fan_in")
        Initialization initialization,
    @Key(
            doc =
                "How the table of token embeddings is drawn, in tasks whose tokens are"
                    + " integers. normal: entries with variance 1; linear: as initialization"
                    + " says for a linear layer.",
            value = "normal")
        TokenInitialization tokenInitialization,
    @Key(doc = "Whether each block's input is added to its output.", value = "true")
        boolean skipConnections,
    @Key(
            doc =
                "sequential: a block's MLP reads what its mixer wrote; parallel: both"
                    + " read the block's input.",
            value = "sequential",
            since = 2)
        Residual residual,
    @Key(
            doc =
                "Which linear layers have a bias. mlp: only those of the MLPs and the"
                    + " read-out.",
            value = "all",
            since = 2)
        Biases biases,
    @Key(
            doc =
                "Initial values of the last layer of each branch and of the read-out."
                    + " as_the_rest: as initialization says; zero: 0.",
            value = "as_the_rest",
            since = 2)
        OutputInitialization outputInitialization) {

  /** How the two branches of a block stand on the residual stream. */
  public enum Residual {
    /** The mixer, then the MLP on what it wrote. */
    SEQUENTIAL,
    /** Mixer and MLP side by side, both on the block's input (GPT-NeoX, Pythia). */
    PARALLEL
  }

  /** Which linear layers have a bias. Layer norms keep their shift, gates their bias. */
  public enum Biases {
    /** All. */
    ALL,
    /** Those of the MLPs and the read-out. */
    MLP,
    /** None. */
    NONE
  }

  /** How the layers start that write to the residual stream or to the prediction. */
  public enum OutputInitialization {
    /** As {@link ArchitectureSpec.Initialization} says for all. */
    AS_THE_REST,
    /** At zero, so that every block starts as the identity and the prediction at zero. */
    ZERO
  }

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
    double readouts = readout == Readout.ALL && task.lastOnly() ? length : task.scored().count();
    double forward =
        (task.discrete() ? 0 : 2 * length * task.inputs() * width)
            + (layers - 1) * block
            + (lastOnly ? mixing.lastFlops() + mlp : block)
            + readouts * 2 * width * task.outputs();
    double activations =
        length * (width + layers * (4 * width + mixing.activations() + 2 * hidden))
            + readouts * task.outputs();
    return new Work((long) parameters(task, mixing), forward, activations);
  }

  private double parameters(Prediction task, Mixing mixing) {
    double width = embeddingDim;
    boolean plain = biases != Biases.NONE;
    double mlp =
        mlpFactor == 0
            ? 0
            : linear(width, mlpFactor * width, plain) + linear(mlpFactor * width, width, plain);
    double embedding =
        task.discrete()
            ? task.inputs() * width
            : linear(task.inputs(), width, biases == Biases.ALL);
    double branches = layers * (mlpFactor == 0 ? 1 : 2);
    double norms =
        switch (layerNorm) {
          case NONE -> 0;
          case POST -> branches;
          case PRE -> branches + 1;
        };
    double table = positionalEncoding == PositionalEncoding.LEARNED ? task.length() * width : 0;
    return embedding
        + layers * (mixing.parameters() + mlp)
        + norms * 2 * width
        + table
        + linear(width, task.outputs(), plain);
  }

  /** Trained numbers of a linear layer inside a token mixer. */
  double mixingLayer(double inputs, double outputs) {
    return linear(inputs, outputs, biases == Biases.ALL);
  }

  private static double linear(double inputs, double outputs, boolean biased) {
    return inputs * outputs + (biased ? outputs : 0);
  }

  /** Reports what contradicts itself whatever the mixer is. */
  void rules(Parts parts) {
    if (residual == Residual.PARALLEL && layerNorm == LayerNorm.POST) {
      parts.report(
          "architecture.residual",
          "parallel branches have no layer norm after their sum",
          "use layer_norm: pre or none, or residual: sequential",
          "architecture.layer_norm");
    }
  }

  /** The same for a mixer without softmax attention. */
  void rulesWithoutAttention(Parts parts) {
    rules(parts);
    if (positionalEncoding == PositionalEncoding.ROTARY) {
      parts.report(
          "architecture.positional_encoding",
          "rotary positions turn the queries and keys of softmax attention, which this kind does"
              + " not have",
          "use positional_encoding: learned, sinusoidal or none",
          "architecture.kind");
    }
  }
}
