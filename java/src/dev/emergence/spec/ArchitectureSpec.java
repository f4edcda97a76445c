package dev.emergence.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What learns. */
@Kinds({
  TransformerSpec.class,
  MlpMixerSpec.class,
  LinearAttentionSpec.class,
  GatedDeltaSpec.class,
  DiagonalRnnSpec.class,
  ToySpec.class
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
}
