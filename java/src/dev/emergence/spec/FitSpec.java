package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A law to be fitted to emergence times. */
public record FitSpec(
    @Key(doc = "Sweep or list of sweeps whose runs are the points.") List<String> data,
    @Key(doc = "Keeps only runs with these values, by symbol or path.", value = "{}")
        Map<String, Object> where,
    @Key(doc = "T_THRESHOLD = expression; names that are no symbols are the parameters.")
        String formula,
    @Key(doc = "How it is fitted.", value = "log_least_squares") Method method,
    @Key(doc = "What a point is.", value = "per_seed") Points points,
    @Key(
            doc = "What becomes of runs that never crossed; their count is always reported.",
            value = "exclude")
        Unreached unreached,
    @Key(doc = "How intervals are made.", value = "{}") Bootstrap bootstrap,
    @Key(
            doc = "Numbers the parameters (and r2) must come near; a miss is exit code 5.",
            value = "{}",
            atomic = true)
        Map<String, Expectation> expect,
    @Key(
            doc = "Published parameters (and r2) to print beside ours; nothing is checked.",
            value = "{}")
        Map<String, Double> published,
    @Key(doc = "What a reader of the report should know about this law.", value = "") String note) {

  /** How a law is fitted. */
  public enum Method {
    /** Ordinary least squares on logarithms (Eq. 23). */
    LOG_LEAST_SQUARES,
    /** Levenberg-Marquardt on logarithms, for formulas that are not linear after taking them. */
    NONLINEAR
  }

  /** What a point is. */
  public enum Points {
    PER_SEED,
    MEAN,
    MEDIAN
  }

  /** What becomes of runs that never crossed. */
  public enum Unreached {
    /** They are left out, and counted. */
    EXCLUDE,
    /** They enter a Tobit likelihood as "longer than the last step". */
    CENSORED
  }

  /** Intervals by resampling. */
  public record Bootstrap(
      @Key(doc = "Resamples; 0 makes no intervals.", value = "2000", min = 0, max = 1e6)
          int resamples,
      @Key(
              doc = "Coverage of the interval.",
              value = "0.95",
              unit = "share",
              min = 0.5,
              max = 0.9999)
          double level,
      @Key(doc = "What is resampled.", value = "seed") By by) {}

  /** Unit of resampling. */
  public enum By {
    /** Seeds, the same for all conditions: equal seeds share data. */
    SEED,
    /** Single points. */
    POINT
  }

  /** A number to be met: near with within, or bounds. */
  public record Expectation(
      @Key(doc = "Expected value, with within.", value = Key.ABSENT) Optional<Double> near,
      @Key(doc = "Largest allowed distance from near.", value = Key.ABSENT, min = 0)
          Optional<Double> within,
      @Key(doc = "Lower bound.", value = Key.ABSENT) Optional<Double> atLeast,
      @Key(doc = "Upper bound.", value = Key.ABSENT) Optional<Double> atMost) {}
}
