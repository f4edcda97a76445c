package dev.emergence.spec;

import java.util.Map;

/** How parameters move. */
public sealed interface OptimizerSpec
    permits OptimizerSpec.Adam,
        OptimizerSpec.AdamW,
        OptimizerSpec.Muon,
        OptimizerSpec.Sgd,
        OptimizerSpec.GradientFlow {

  /**
   * Step size before any schedule. What moves in continuous time has 1: its time is the sum of its
   * steps.
   */
  default double learningRate() {
    return 1;
  }

  /** The same with another learning rate; itself where it has none. */
  default OptimizerSpec withLearningRate(double rate) {
    return this;
  }

  /** Each step multiplies weights by 1 - learningRate · weightDecay. */
  default double weightDecay() {
    return 0;
  }

  /** Whether weights can decay. */
  default boolean decays() {
    return false;
  }

  /** How learning rates differ between parameters. */
  default Rates rates() {
    return Rates.EQUAL;
  }

  /** Whether it moves in continuous time, not in steps. */
  default boolean inTime() {
    return false;
  }

  /** Keys that have no effect on it, each with a hint. */
  default Map<String, String> unread() {
    return Map.of(
        "training.max_time",
        "it ends a gradient_flow; other optimisers have max_steps",
        "measurement.trajectory",
        "it is for gradient_flow");
  }

  /** Kingma and Ba 2015, algorithm 1: step = lr · m̂ / (sqrt(v̂) + eps). */
  @Kind(value = "adam", doc = "Adam (Kingma & Ba 2015, algorithm 1).")
  record Adam(
      @Key(
              doc = "Learning rate, before any schedule.",
              symbol = "lr",
              value = "1e-4",
              min = 0,
              max = 1e6)
          double learningRate,
      @Key(doc = "Decay rate of the first moment.", value = "0.9", min = 0, max = 0.999999999)
          double beta1,
      @Key(doc = "Decay rate of the second moment.", value = "0.999", min = 0, max = 0.999999999)
          double beta2,
      @Key(
              doc = "Number added to the square root of the bias-corrected second moment.",
              value = "1e-8",
              min = 1e-30,
              max = 1)
          double eps,
      @Inline Rates rates)
      implements OptimizerSpec {

    /** With one learning rate for all parameters. */
    public Adam(double learningRate, double beta1, double beta2, double eps) {
      this(learningRate, beta1, beta2, eps, Rates.EQUAL);
    }

    @Override
    public Adam withLearningRate(double rate) {
      return new Adam(rate, beta1, beta2, eps, rates);
    }
  }

  /**
   * Loshchilov and Hutter 2019, algorithm 2: Adam with decay decoupled from the gradient, scaled by
   * the learning rate.
   */
  @Kind(value = "adamw", doc = "Adam with decoupled weight decay (Loshchilov & Hutter 2019).")
  record AdamW(
      @Key(
              doc = "Learning rate, before any schedule.",
              symbol = "lr",
              value = "1e-4",
              min = 0,
              max = 1e6)
          double learningRate,
      @Key(doc = "Decay rate of the first moment.", value = "0.9", min = 0, max = 0.999999999)
          double beta1,
      @Key(doc = "Decay rate of the second moment.", value = "0.999", min = 0, max = 0.999999999)
          double beta2,
      @Key(
              doc = "Number added to the square root of the bias-corrected second moment.",
              value = "1e-8",
              min = 1e-30,
              max = 1)
          double eps,
      @Key(
              doc =
                  "Weight decay. Each step multiplies the weights by 1 - learning_rate *"
                      + " weight_decay.",
              value = "0.01",
              min = 0,
              max = 1e3)
          double weightDecay,
      @Inline Rates rates)
      implements OptimizerSpec {

    /** With one learning rate for all parameters. */
    public AdamW(double learningRate, double beta1, double beta2, double eps, double weightDecay) {
      this(learningRate, beta1, beta2, eps, weightDecay, Rates.EQUAL);
    }

    @Override
    public AdamW withLearningRate(double rate) {
      return new AdamW(rate, beta1, beta2, eps, weightDecay, rates);
    }

    @Override
    public boolean decays() {
      return true;
    }
  }

  /**
   * Muon (Jordan et al. 2024): the update of a weight matrix inside the blocks is its momentum with
   * all singular values brought near 1, by Newton and Schulz's iteration. All other parameters move
   * by AdamW.
   */
  @Kind(
      value = "muon",
      doc =
          "Muon (Jordan et al. 2024): weight matrices inside the blocks move by their momentum,"
              + " made nearly orthogonal; all other parameters move by AdamW.")
  record Muon(
      @Key(
              doc = "Learning rate, before any schedule.",
              symbol = "lr",
              value = "1e-3",
              min = 0,
              max = 1e6)
          double learningRate,
      @Key(doc = "Momentum of the matrices.", value = "0.95", min = 0, max = 0.999999999)
          double momentum,
      @Key(
              doc = "Whether the gradient is added to the momentum once more (Nesterov).",
              value = "true")
          boolean nesterov,
      @Key(doc = "Newton-Schulz iterations.", value = "5", min = 1, max = 100) int nsSteps,
      @Key(
              doc =
                  "By what the update of a matrix (out, in) is multiplied. match_rms_adamw: 0.2"
                      + " sqrt(max(out, in)), so that its entries are about as large as AdamW's and"
                      + " one learning rate serves both (Liu et al. 2025); original: sqrt(max(1, out"
                      + " / in)).",
              value = "match_rms_adamw")
          AdjustLr adjustLr,
      @Key(doc = "Decay rate of AdamW's first moment.", value = "0.9", min = 0, max = 0.999999999)
          double beta1,
      @Key(
              doc = "Decay rate of AdamW's second moment.",
              value = "0.999",
              min = 0,
              max = 0.999999999)
          double beta2,
      @Key(
              doc = "Number added to the square root of AdamW's bias-corrected second moment.",
              value = "1e-8",
              min = 1e-30,
              max = 1)
          double eps,
      @Key(
              doc =
                  "Weight decay of all parameters. Each step multiplies the weights by 1 -"
                      + " learning_rate * weight_decay.",
              value = "0.01",
              min = 0,
              max = 1e3)
          double weightDecay,
      @Inline Rates rates)
      implements OptimizerSpec {

    @Override
    public Muon withLearningRate(double rate) {
      return new Muon(
          rate, momentum, nesterov, nsSteps, adjustLr, beta1, beta2, eps, weightDecay, rates);
    }

    @Override
    public boolean decays() {
      return true;
    }
  }

  /** By what Muon's update of a matrix is multiplied. */
  enum AdjustLr {
    /** 0.2 sqrt(max(out, in)) (Liu et al. 2025, equation 4). */
    MATCH_RMS_ADAMW,
    /** sqrt(max(1, out / in)) (Jordan et al. 2024). */
    ORIGINAL
  }

  /** Stochastic gradient descent; with momentum μ: b ← μ b + g, θ ← θ - lr · b. */
  @Kind(value = "sgd", doc = "Stochastic gradient descent, with or without momentum.")
  record Sgd(
      @Key(
              doc = "Learning rate, before any schedule.",
              symbol = "lr",
              value = "1e-3",
              min = 0,
              max = 1e6)
          double learningRate,
      @Key(
              doc = "Heavy-ball momentum; 0 is plain gradient descent.",
              value = "0.0",
              min = 0,
              max = 0.999999999)
          double momentum)
      implements OptimizerSpec {

    @Override
    public Sgd withLearningRate(double rate) {
      return new Sgd(rate, momentum);
    }
  }

  /**
   * The continuous-time limit of gradient descent, integrated by an adaptive solver (toy
   * architecture only).
   */
  @Kind(
      value = "gradient_flow",
      doc = "The limit of gradient descent in continuous time. Only for the toy" + " architecture.")
  record GradientFlow(
      @Key(doc = "The integration method: Dormand and Prince 8(5,3).", value = "dormand_prince_853")
          Solver solver,
      @Key(doc = "Relative tolerance of a step.", value = "1e-9", min = 1e-13, max = 1e-2)
          double relativeTolerance,
      @Key(doc = "Absolute tolerance of a step.", value = "1e-12", min = 1e-18, max = 1e-2)
          double absoluteTolerance)
      implements OptimizerSpec {

    @Override
    public boolean inTime() {
      return true;
    }

    @Override
    public Map<String, String> unread() {
      return Map.of(
          "training.max_steps",
          "a gradient_flow has max_time",
          "measurement.evaluate_every",
          "a gradient_flow is written down as measurement.trajectory says");
    }
  }

  /** Integrators of {@link GradientFlow}. */
  enum Solver {
    /** Dormand and Prince 8(5,3). */
    DORMAND_PRINCE_853
  }
}
