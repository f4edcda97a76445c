package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A law to be fitted to emergence times. */
@Gone("bootstrap")
public record FitSpec(
    @Key(doc = "Sweep or list of sweeps whose runs give the points.") List<String> data,
    @Key(doc = "Keeps only runs with these values, by symbol or path.", value = "{}")
        Map<String, Object> where,
    @Key(
            doc =
                "T_THRESHOLD = expression of numbers, names, + - * / ^, parentheses, sqrt, log, exp"
                    + " and choose(n, k). Names that are not symbols are the parameters of the"
                    + " fit. An exponent may depend on a symbol: T^(beta + gamma * d).")
        String formula,
    @Key(
            doc =
                "How the law is fitted. log_least_squares: least squares on logarithms;"
                    + " interval: maximum likelihood, knowing only between which two"
                    + " evaluations a crossing lies; nonlinear: for formulas that are not"
                    + " linear in logarithms.",
            value = "log_least_squares")
        Method method,
    @Key(
            doc = "What a point is: one seed, or the mean or median of a condition's" + " seeds.",
            value = "per_seed")
        Points points,
    @Key(
            doc =
                "Which time a crossing has. evaluation: the first evaluation beyond the"
                    + " level; interpolated: a time between two evaluations.",
            value = "evaluation",
            since = 2)
        Times times,
    @Key(
            doc =
                "How runs that never crossed are used; their number is always reported."
                    + " exclude: they are left out, which makes the law's times too short"
                    + " (emergence explain intervals); censored: they count as \"longer than the"
                    + " last evaluation\". Default: censored, or exclude with method:"
                    + " nonlinear.",
            value = Key.ABSENT)
        Optional<Unreached> unreached,
    @Key(doc = "How intervals are computed.", value = "{}", since = 2) Interval interval,
    @Key(
            doc = "Bounds on the parameters and on r2. If one is missed, the exit code is" + " 5.",
            value = "{}",
            atomic = true)
        Map<String, Expectation> expect,
    @Key(
            doc =
                "Published values of the parameters and of r2. They are printed beside"
                    + " ours and not checked.",
            value = "{}")
        Map<String, Double> published,
    @Key(doc = "What a reader of the report should know about this law.", value = "") String note) {

  /** What becomes of runs that never crossed, where the file does not say it. */
  public Unreached unreachedOrDefault() {
    return unreached.orElse(method == Method.NONLINEAR ? Unreached.EXCLUDE : Unreached.CENSORED);
  }

  /** How a law is fitted. */
  public enum Method {
    /** Ordinary least squares on logarithms (Eq. 23). */
    LOG_LEAST_SQUARES,
    /**
     * Maximum likelihood for crossings that are only known to lie between two evaluations, and
     * later than the last one where there is none.
     */
    INTERVAL,
    /** Levenberg-Marquardt on logarithms, for formulas that are not linear after taking them. */
    NONLINEAR
  }

  /** What a point is. */
  public enum Points {
    PER_SEED,
    MEAN,
    MEDIAN
  }

  /** What stands for the time of a crossing. */
  public enum Times {
    /** The first evaluation beyond the level, as in the papers: up to evaluate_every too late. */
    EVALUATION,
    /** Where the metric meets the level between two evaluations, its logarithm taken as linear. */
    INTERPOLATED
  }

  /** What becomes of runs that never crossed. */
  public enum Unreached {
    /** They are left out, and counted. */
    EXCLUDE,
    /** They enter a Tobit likelihood as "longer than the last evaluation". */
    CENSORED
  }

  /** Intervals: Student's quantile times the standard error from leaving out one unit in turn. */
  public record Interval(
      @Key(
              doc = "Coverage of the interval.",
              value = "0.95",
              unit = "share",
              min = 0.5,
              max = 0.9999)
          double level,
      @Key(
              doc =
                  "What is left out in turn: whole seeds (of points: median, half of the seeds),"
                      + " or single points. It should be what varies independently.",
              value = "seed")
          By by) {}

  /** What varies independently. */
  public enum By {
    /** Seeds, each with all its conditions: equal seeds share data. At least three are needed. */
    SEED,
    /** Single points. */
    POINT
  }

  /** A number to be met: near with within, or bounds. */
  public record Expectation(
      @Key(doc = "Expected value; goes with within.", value = Key.ABSENT) Optional<Double> near,
      @Key(doc = "Largest allowed distance from near.", value = Key.ABSENT, min = 0)
          Optional<Double> within,
      @Key(doc = "Lower bound.", value = Key.ABSENT) Optional<Double> atLeast,
      @Key(doc = "Upper bound.", value = Key.ABSENT) Optional<Double> atMost) {}
}
