package dev.emergence.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The toy attention model (Zucchet et al. 2025, Eq. 2): scores a in R^T and weights W in R^{d×d}.
 */
@Kind(value = "toy", doc = "One attention distribution over positions and one linear map.")
public record ToySpec(
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

  /** How the toy model moves. */
  public enum Dynamics {
    /** The reduced flow in (w, Δa), or (w̃, w, Δa) with cross-sample repetition. */
    REDUCED,
    /** Gradient descent on a and W with the expected loss. */
    FULL,
    /** Stochastic gradient descent on samples (Fig. 9). */
    SGD
  }

  /** Whether the B relevant positions share one attention score. */
  public enum Scores {
    /** One score for all of them: the paper's equations as printed. */
    TIED,
    /** One score each: the exact flow of the model. */
    UNTIED
  }

  /** How the weights of the toy model start. */
  public enum ToyInitialization {
    /** W = 0, as the theory assumes. */
    ZERO,
    /** Entries N(0, 1/d), as in Fig. 9. */
    NORMAL
  }

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
