package dev.emergence.spec;

/** What learns. */
public sealed interface ArchitectureSpec
    permits ArchitectureSpec.Transformer, ArchitectureSpec.Toy {

  /** How positions are told apart. */
  enum PositionalEncoding {
    /** Fixed sines and cosines, base 10000, added unscaled after the embedding. */
    SINUSOIDAL,
    /** A learned table, added after the embedding. */
    LEARNED,
    /** Nothing is added. */
    NONE
  }

  /** Where layer normalisation stands. */
  enum LayerNorm {
    /** Nowhere. */
    NONE,
    /** Before attention, before the MLP, and once before the read-out. */
    PRE,
    /** After each residual sum. */
    POST
  }

  /** Which tokens a token may attend to. */
  enum AttentionMask {
    /** Itself and earlier ones. */
    CAUSAL,
    /** All. */
    FULL
  }

  /** The MLP's non-linearity. */
  enum Activation {
    /** Gaussian error linear unit, x Φ(x), with the exact error function. */
    GELU,
    /** max(x, 0). */
    RELU
  }

  /** Which positions the prediction is read from. */
  enum Readout {
    /** The last position. */
    LAST,
    /** Every position predicts the target; the loss is their mean. */
    ALL,
    /** The mean over positions. */
    MEAN
  }

  /** How weights are drawn; decides the length of the plateau. */
  enum Initialization {
    /**
     * Weights and biases uniform in ±1/sqrt(fan_in), the usual framework default and the paper's
     * world.
     */
    UNIFORM_FAN_IN,
    /** Weights N(0, 1/fan_in), biases 0. */
    LECUN_NORMAL,
    /** Weights N(0, 0.02²), biases 0. */
    NORMAL_002
  }

  /** How the token table of associative recall is drawn. */
  enum TokenInitialization {
    /** Entries N(0, 1): needed to see the paper's plateaus. */
    NORMAL,
    /** As the linear layer that reads a one-hot vector: see {@link Initialization}. */
    LINEAR
  }

  /** The papers' Transformer (Zucchet et al. 2025, Table 1). */
  @Kind(value = "transformer", doc = "Attention and MLP blocks on a residual stream.")
  record Transformer(
      @Key(doc = "Blocks of attention and MLP.", symbol = "layers", value = "2", min = 1, max = 64)
          int layers,
      @Key(doc = "Attention heads in a layer.", symbol = "heads", value = "4", min = 1, max = 1024)
          int heads,
      @Key(
              doc = "Width of the residual stream.",
              symbol = "embedding_dim",
              value = "256",
              min = 1,
              max = 16384)
          int embeddingDim,
      @Key(
              doc = "Width of one head, free of embedding_dim.",
              symbol = "head_dim",
              value = "64",
              min = 1,
              max = 128)
          int headDim,
      @Key(
              doc = "Hidden width of the MLP over embedding_dim; 0 leaves the MLP out.",
              value = "4",
              min = 0,
              max = 64)
          int mlpFactor,
      @Key(doc = "How positions are told apart.", value = "sinusoidal")
          PositionalEncoding positionalEncoding,
      @Key(doc = "Where layer normalisation stands.", value = "none") LayerNorm layerNorm,
      @Key(doc = "Which tokens a token may attend to.", value = "causal") AttentionMask attention,
      @Key(doc = "The MLP's non-linearity.", value = "gelu") Activation activation,
      @Key(doc = "Which positions the prediction is read from.", value = "last") Readout readout,
      @Key(
              doc = "How weights are drawn; decides the length of the plateau.",
              value = "uniform_fan_in")
          Initialization initialization,
      @Key(doc = "How the token table of associative recall is drawn.", value = "normal")
          TokenInitialization tokenInitialization,
      @Key(doc = "Adds each block's input to its output.", value = "true") boolean skipConnections)
      implements ArchitectureSpec {}

  /** How the toy model moves. */
  enum Dynamics {
    /** The reduced flow in (w, Δa), or (w̃, w, Δa) with cross-sample repetition. */
    REDUCED,
    /** Gradient descent on a and W with the expected loss. */
    FULL,
    /** Stochastic gradient descent on samples (Fig. 9). */
    SGD
  }

  /** Whether the B relevant positions share one attention score. */
  enum Scores {
    /** One score for all of them: the paper's equations as printed. */
    TIED,
    /** One score each: the exact flow of the model. */
    UNTIED
  }

  /** How the weights of the toy model start. */
  enum ToyInitialization {
    /** W = 0, as the theory assumes. */
    ZERO,
    /** Entries N(0, 1/d), as in Fig. 9. */
    NORMAL
  }

  /**
   * The toy attention model (Zucchet et al. 2025, Eq. 2): scores a in R^T and weights W in R^{d×d}.
   */
  @Kind(value = "toy", doc = "One attention distribution over positions and one linear map.")
  record Toy(
      @Key(doc = "Which dynamics is integrated.", value = "reduced") Dynamics dynamics,
      @Key(
              doc = "Whether the relevant positions share one attention score (reduced dynamics).",
              value = "tied")
          Scores scores,
      @Key(doc = "How W starts (full and sgd dynamics); scores start at 0.", value = "zero")
          ToyInitialization initialization)
      implements ArchitectureSpec {}
}
