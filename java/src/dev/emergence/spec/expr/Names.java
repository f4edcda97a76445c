package dev.emergence.spec.expr;

import java.util.List;

/**
 * Names that files may use for what other packages compute; tests hold these lists to those
 * packages.
 */
public final class Names {
  /** Predictions of a plateau's length, for {@code theory:} of a scaling plot. */
  public static final List<String> PREDICTIONS =
      List.of("escape_time", "escape_time_eq6", "gaussian", "plateau");

  /** Theoretical curves over time, for {@code theory:} of learning curves and trajectories. */
  public static final List<String> COURSES =
      List.of("gaussian_plateau", "late_phase", "linearization", "reduced_flow");

  /** Relations in closed form, for {@code relation:} of a theory plot. */
  public static final List<String> RELATIONS = List.of("loss_at_equilibrium", "w_inf");

  /**
   * Levels of a task's metrics, for {@code levels:} of plots: what perfect knowledge reaches, then
   * ways of guessing. A linear map also has one for each number of rows that are known.
   */
  public static final List<String> LEVELS =
      List.of(
          "oracle",
          "fresh_bayes",
          "copier",
          "in_context",
          "class",
          "most_frequent",
          "any_lag",
          "mirror",
          "bigram",
          "unigram",
          "blind",
          "zero");

  private Names() {}

  /** Whether some task may have such a level: one of {@link #LEVELS}, or {@code rows_3}. */
  public static boolean isLevel(String name) {
    return LEVELS.contains(name) || name.matches("rows_[1-9]\\d{0,5}");
  }
}
