package dev.emergence.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What learns. */
@Kinds({
  ArchitectureSpec.Transformer.class,
  MlpMixerSpec.class,
  LinearAttentionSpec.class,
  GatedDeltaSpec.class,
  DiagonalRnnSpec.class,
  ArchitectureSpec.Toy.class
})
public interface ArchitectureSpec {

  /** How the result of a run comes about. */
  Method method();

  /** Whether it is trained on sampled batches, which needs a device. */
  default boolean isTrained() {
    return method() == Method.TRAINED;
  }

  /** Attention heads of a layer; 0 where nothing attends. */
  int heads();

  /** What it shares with the others that are built on a residual stream. */
  default Optional<Stack> stack() {
    return Optional.empty();
  }

  /** What one run on a task takes. */
  Work work(Prediction task);

  /** Reports what contradicts this architecture. By default it has no gradient flow. */
  default void rules(Parts parts) {
    if (parts.training().optimizer().inTime()) {
      parts.report(
          "training.optimizer.kind",
          "gradient_flow integrates the toy architecture only",
          "use kind: adam or sgd, or architecture: {kind: toy}",
          "architecture.kind");
    }
  }

  /** Columns of a curve that are read off the parameters; none by default. */
  default List<String> readings() {
    return List.of();
  }

  /** Whether its initial parameters are drawn. */
  default boolean startsAtRandom() {
    return true;
  }

  /** Keys that have no effect on it, each with a hint. */
  default Map<String, String> unread(TaskSpec task) {
    Map<String, String> keys = new LinkedHashMap<>();
    if (!task.predicts().discrete()) {
      keys.put("architecture.token_initialization", "it is for tasks of a vocabulary");
    }
    if (stack().filter(shared -> shared.mlpFactor() == 0).isPresent()) {
      keys.put("architecture.activation", "mlp_factor: 0 leaves no MLP");
      keys.put("architecture.residual", "mlp_factor: 0 leaves no MLP");
    }
    return keys;
  }

  /** Whether a token sees later ones too, and so reads answers that stand in the input. */
  default boolean looksAhead() {
    return false;
  }

  /** What is added to its attention scores. */
  default List<LogitBias> logitBias() {
    return List.of();
  }

  /**
   * The same architecture with one strength for all its logit biases: replicas that are trained
   * together may differ in strength alone.
   */
  default ArchitectureSpec withStrengths(double strength) {
    return this;
  }

  /**
   * The same architecture, with what it leaves to the task decided.
   *
   * @param predicts by the task
   */
  default ArchitectureSpec on(Prediction predicts) {
    Optional<Readout> open = stack().map(Stack::readout).filter(r -> r == Readout.AUTO);
    return open.isEmpty() || !(this instanceof Record self)
        ? this
        : (ArchitectureSpec)
            Defaults.change(self, Map.of("readout", open.get().of(predicts.lastOnly())));
  }

  /** How the result of a run comes about. */
  enum Method {
    /** By gradient steps on batches that are drawn at random, on a device. */
    TRAINED,
    /** By following the expected loss, without a device. */
    INTEGRATED
  }

  /** How positions are told apart. */
  enum PositionalEncoding {
    /** Fixed sines and cosines, base 10000, added unscaled after the embedding. */
    SINUSOIDAL,
    /** A learned table, added after the embedding. */
    LEARNED,
    /**
     * Nothing is added; queries and keys of attention turn by an angle that grows with the position
     * (Su et al. 2021), base 10000, so that a score depends on the distance.
     */
    ROTARY,
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
    /** The last position, for a task that scores nothing else. */
    LAST,
    /**
     * Every scored position for itself. Where the task scores the last position alone, every
     * position predicts its target, and the loss is their mean.
     */
    ALL,
    /** The mean over positions, for a task that scores the last position alone. */
    MEAN,
    /** LAST where the task scores the last position alone, else ALL. */
    AUTO;

    /**
     * This, with AUTO replaced by what it stands for.
     *
     * @param lastOnly what the task scores
     */
    public Readout of(boolean lastOnly) {
      return this != AUTO ? this : lastOnly ? LAST : ALL;
    }
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
      @Inline Stack shared,
      @Key(
              doc = "Number of attention heads in a layer.",
              symbol = "heads",
              value = "4",
              min = 1,
              max = 1024)
          int heads,
      @Key(
              doc = "Width of one head. It does not depend on embedding_dim.",
              symbol = "head_dim",
              value = "64",
              min = 1,
              max = 128)
          int headDim,
      @Key(
              doc =
                  "Which tokens a token may attend to. causal: itself and earlier ones;"
                      + " full: all.",
              value = "causal")
          AttentionMask attention,
      @Key(doc = "A bias, or a list of biases, added to attention scores.", value = "[]", since = 2)
          List<LogitBias> logitBias,
      @Key(
              doc =
                  "Share of a head's width that rotary positions turn. Pythia's models"
                      + " turn 0.25.",
              value = "1",
              since = 2,
              unit = "share",
              min = 0,
              max = 1)
          double rotaryShare)
      implements ArchitectureSpec {

    /** Copies the list. */
    public Transformer {
      logitBias = List.copyOf(logitBias);
    }

    /** Without logit biases. */
    public Transformer(Stack shared, int heads, int headDim, AttentionMask attention) {
      this(shared, heads, headDim, attention, List.of(), 1);
    }

    @Override
    public boolean looksAhead() {
      return attention == AttentionMask.FULL;
    }

    /** Numbers of a head that rotary positions turn; an even one. */
    public int rotated() {
      return (int) Math.round(rotaryShare * headDim);
    }

    @Override
    public Map<String, String> unread(TaskSpec task) {
      Map<String, String> keys = new LinkedHashMap<>(ArchitectureSpec.super.unread(task));
      if (shared.positionalEncoding() != PositionalEncoding.ROTARY) {
        keys.put("architecture.rotary_share", "it is for positional_encoding: rotary");
      }
      for (int i = 0; i < logitBias.size(); i++) {
        if (logitBias.get(i).toward() != LogitBias.Toward.OFFSET) {
          keys.put("architecture.logit_bias." + i + ".offset", "it is for toward: offset");
        }
      }
      return keys;
    }

    @Override
    public Method method() {
      return Method.TRAINED;
    }

    @Override
    public Optional<Stack> stack() {
      return Optional.of(shared);
    }

    @Override
    public Transformer withStrengths(double strength) {
      List<LogitBias> equal = logitBias.stream().map(b -> b.with(strength)).toList();
      return new Transformer(shared, heads, headDim, attention, equal, rotaryShare);
    }

    @Override
    public Work work(Prediction task) {
      double length = task.length();
      double width = shared.embeddingDim();
      double all = (double) heads * headDim;
      double scores = (attention == AttentionMask.CAUSAL ? 2 : 4) * length * length * all;
      Work work =
          shared.work(
              task,
              new Stack.Mixing(
                  3 * shared.mixingLayer(width, all) + shared.mixingLayer(all, width),
                  length * 8 * width * all + scores,
                  length * 4 * width * all + 4 * width * all + 4 * length * all,
                  5 * all));
      long strengths = logitBias.stream().filter(LogitBias::trainable).count();
      return new Work(work.parameters() + strengths, work.forwardFlops(), work.activations());
    }

    @Override
    public void rules(Parts parts) {
      ArchitectureSpec.super.rules(parts);
      shared.rules(parts);
      if (shared.positionalEncoding() == PositionalEncoding.ROTARY && headDim % 2 != 0) {
        parts.report(
            "architecture.head_dim",
            "rotary positions turn pairs of numbers of a head, and " + headDim + " is odd",
            "use an even head_dim, or positional_encoding: learned",
            "architecture.positional_encoding");
      } else if (shared.positionalEncoding() == PositionalEncoding.ROTARY
          && (rotated() < 2
              || rotated() % 2 != 0
              || Math.abs(rotated() - rotaryShare * headDim) > 1e-9 * headDim)) {
        parts.report(
            "architecture.rotary_share",
            "rotary positions turn pairs of numbers of a head, and "
                + (float) rotaryShare
                + " of head_dim "
                + headDim
                + " is no even whole number",
            "use a share such as 0.25 or 0.5 that gives pairs, or 1",
            "architecture.head_dim");
      }
    }
  }

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
      @Key(
              doc =
                  "What is integrated. reduced: the reduced flow of a few numbers; full:"
                      + " gradient descent on all parameters with the expected loss; sgd:"
                      + " gradient descent on random samples.",
              value = "reduced")
          Dynamics dynamics,
      @Key(
              doc =
                  "With dynamics: reduced. tied: the relevant positions share one"
                      + " attention score, as in the paper's equations; untied: one score each.",
              value = "tied")
          Scores scores,
      @Key(
              doc =
                  "Initial values of W, with dynamics full or sgd. zero: 0; normal:"
                      + " variance 1/d. Attention scores start at 0.",
              value = "zero")
          ToyInitialization initialization)
      implements ArchitectureSpec {
    /** What the toy model's dynamics records besides losses. */
    private static final List<String> READINGS =
        List.of("w", "w_tilde", "alpha", "delta_a", "attention.relevant");

    /** What only the reduced dynamics can say. */
    private static final List<String> REDUCED_READINGS =
        List.of(
            "w_inf",
            "w_tilde_inf",
            "gradient_w",
            "gradient_w_tilde",
            "gradient_delta_a",
            "hessian_min",
            "hessian_max");

    @Override
    public Method method() {
      return dynamics == Dynamics.SGD ? Method.TRAINED : Method.INTEGRATED;
    }

    @Override
    public int heads() {
      return 0;
    }

    @Override
    public boolean startsAtRandom() {
      return dynamics != Dynamics.REDUCED && initialization == ToyInitialization.NORMAL;
    }

    @Override
    public void rules(Parts parts) {
      ToyRules.apply(this, parts);
    }

    @Override
    public List<String> readings() {
      List<String> names = new ArrayList<>(READINGS);
      names.addAll(dynamics == Dynamics.REDUCED ? REDUCED_READINGS : List.of());
      return List.copyOf(names);
    }

    @Override
    public Map<String, String> unread(TaskSpec task) {
      Map<String, String> unread = new LinkedHashMap<>();
      if (!isTrained()) {
        unread.put("training.gradient_clip", "the gradient of the expected loss is not clipped");
        unread.put("training.batch_size", "the expected loss has no batches");
        unread.put("measurement.evaluate_samples", "the expected loss has no samples");
      }
      if (dynamics == Dynamics.REDUCED) {
        unread.put("architecture.initialization", "the reduced dynamics start at 0");
      } else {
        unread.put("architecture.scores", "it is for dynamics: reduced");
      }
      return unread;
    }

    @Override
    public Work work(Prediction task) {
      double d = task.outputs();
      double scores = task.length();
      double drawn = dynamics == Dynamics.SGD ? scores * d : 0;
      return new Work(
          (long) (d * task.inputs() + scores), 2 * scores * d + 2 * d * d, drawn + scores + d);
    }
  }
}
