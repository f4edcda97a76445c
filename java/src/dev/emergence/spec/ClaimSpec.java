package dev.emergence.spec;

import java.util.Map;
import java.util.Optional;

/** A statement about runs that is checked at the end. A miss is exit code 5. */
@Kinds(
    value = {
      ClaimSpec.Ratio.class,
      ClaimSpec.Exponential.class,
      ClaimSpec.Spread.class,
      ClaimSpec.EarlyWarning.class,
      ClaimSpec.Ladder.class,
      ClaimSpec.SeedRange.class,
      ClaimSpec.WithinRun.class,
      AbruptClaim.class,
      HeadsClaim.class
    },
    standard = "ratio")
public interface ClaimSpec {
  /** The sweep whose runs it is about; of a claim about a study, the study. */
  String data();

  /** Values, by symbol or path, that its conditions have; none: all conditions. */
  Map<String, Object> where();

  /** The claim in words. */
  String statement();

  /** Which ratio is judged. */
  enum Which {
    BEST,
    WORST,
    EACH
  }

  /** What is claimed of waiting times. */
  enum Shape {
    /** The test does not refute an exponential distribution. */
    EXPONENTIAL,
    /** The test refutes it. */
    NOT_EXPONENTIAL
  }

  /** A ratio of a baseline condition to others. */
  @Kind(
      value = "ratio",
      doc = "The ratio of the mean of a baseline condition to the mean of other" + " conditions.")
  record Ratio(
      @Key(doc = "The sweep.") String data,
      @Key(
              doc =
                  "Column: a time such as plateau.steps, or the last value of a metric"
                      + " such as clean.loss.")
          String of,
      @Key(doc = "Values, by symbol or path, that the baseline conditions have.")
          Map<String, Object> baseline,
      @Key(
              doc =
                  "Only conditions with these values are compared with the baseline, which need"
                      + " not have them; a seed holds for both.",
              value = "{}")
          Map<String, Object> where,
      @Key(
              doc =
                  "Which ratio is judged, if there are several: the best, the worst, or"
                      + " each. A ratio is the baseline's mean over seeds divided by a"
                      + " condition's.",
              value = "best")
          Which ratio,
      @Key(doc = "Lower bound on the ratio.", value = Key.ABSENT) Optional<Double> atLeast,
      @Key(doc = "Upper bound on the ratio.", value = Key.ABSENT) Optional<Double> atMost)
      implements ClaimSpec {
    @Override
    public String statement() {
      return Keys.word(ratio)
          + " ratio of "
          + of
          + " at "
          + baseline
          + " to another of "
          + data
          + (where.isEmpty() ? "" : " with " + where);
    }
  }

  /** Whether emergence comes like a coin flip at each step. */
  @Kind(
      value = "exponential",
      doc =
          "Whether waiting times over seeds are exponentially distributed, as for"
              + " a search without memory. The test is the score test of Cox and Oakes;"
              + " its p-value comes from a parametric bootstrap. With few runs it seldom refutes"
              + " (emergence explain intervals).")
  record Exponential(
      @Key(doc = "The sweep. With where, exactly one condition must be left.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "The threshold that ends the waiting.") String threshold,
      @Key(
              doc =
                  "Step at which waiting begins. first: the earliest emergence of all"
                      + " seeds. Steps in which nothing can emerge yet do not count then, and"
                      + " this earliest run is left out.",
              value = Key.ABSENT,
              empty = "first",
              min = 0)
          Optional<Double> after,
      @Key(doc = "What is claimed: exponential (not refuted) or not_exponential (refuted).")
          Shape expect,
      @Key(
              doc = "The distribution is refuted if the p-value is at most this.",
              value = "0.05",
              unit = "share",
              min = 0.0001,
              max = 0.5)
          double level,
      @Key(doc = "Number of bootstrap samples.", value = "4000", min = 100, max = 1000000)
          int resamples)
      implements ClaimSpec {
    @Override
    public String statement() {
      String not = expect == Shape.EXPONENTIAL ? "" : "not ";
      return "waits for "
          + threshold
          + " over the seeds of "
          + data
          + " are "
          + not
          + "exponential";
    }
  }

  /** How much more one source of chance spreads times than another. */
  @Kind(
      value = "spread",
      doc =
          "The variance over seeds of the logarithm of a number in one sweep,"
              + " divided by that in another sweep. It shows which source of randomness"
              + " matters.")
  record Spread(
      @Key(doc = "The sweep. With where, exactly one condition must be left.") String data,
      @Key(
              doc =
                  "Column: a time such as plateau.steps, or the last value of a metric"
                      + " such as clean.loss.")
          String of,
      @Key(doc = "The sweep in the denominator.") String baseline,
      @Key(doc = "Only runs with these values, in both sweeps.", value = "{}")
          Map<String, Object> where,
      @Key(doc = "Lower bound on the ratio of variances.", value = Key.ABSENT)
          Optional<Double> atLeast,
      @Key(doc = "Upper bound on the ratio of variances.", value = Key.ABSENT)
          Optional<Double> atMost)
      implements ClaimSpec {
    @Override
    public String statement() {
      return "variance of ln " + of + " over the seeds of " + data + " over that of " + baseline;
    }
  }

  /** Whether a metric tells early which runs will emerge soon. */
  @Kind(
      value = "early_warning",
      doc =
          "Whether the mean of a metric over the first steps predicts the"
              + " logarithm of the emergence time. Each seed is predicted from the"
              + " others; the correlation is tested by permutation.")
  record EarlyWarning(
      @Key(doc = "The sweep. With where, exactly one condition must be left.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "The threshold whose crossing is predicted.") String threshold,
      @Key(doc = "Metric that predicts: attention.parents, test.loss.out.") String metric,
      @Key(
              doc =
                  "Last step whose evaluations are used, the same for all runs. Runs that"
                      + " have emerged by then are left out.",
              unit = "steps",
              min = 1)
          double until,
      @Key(
              doc = "The claim holds if the p-value is at most this.",
              value = "0.05",
              unit = "share",
              min = 0.0001,
              max = 0.5)
          double level,
      @Key(doc = "Number of permutations.", value = "4000", min = 100, max = 1000000) int resamples)
      implements ClaimSpec {
    @Override
    public String statement() {
      return metric + " up to step " + (long) until + " predicts " + threshold + " in " + data;
    }
  }

  /** Whether rows are learned one after the other. */
  @Kind(
      value = "ladder",
      doc =
          "Whether rows emerge one at a time. The whole loss has one level for"
              + " each number of rows that are known while the others are guessed."
              + " Between the first and the last emergence it should stand on these"
              + " levels, called rungs; where not all rows emerge, until the run's end."
              + " Means over seeds are judged; runs in which fewer than two rows emerge"
              + " are left out.")
  record Ladder(
      @Key(doc = "The sweep. With where, exactly one condition must be left.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "The family of thresholds on single rows: rows, with metric test.loss.row.*.")
          String threshold,
      @Key(
              doc =
                  "Smallest share of evaluations at which the whole loss is within half a"
                      + " rung of the level that the rows below their threshold give.",
              value = "0.7",
              unit = "share",
              min = 0,
              max = 1)
          double onRungs,
      @Key(
              doc =
                  "Smallest number of different evaluations at which rows emerge, as a"
                      + " share of the rows that emerge.",
              value = "0.7",
              unit = "share",
              min = 0,
              max = 1)
          double alone)
      implements ClaimSpec {
    @Override
    public String statement() {
      return "the thresholds " + threshold + " of " + data + " are passed one at a time";
    }
  }

  /** How far seeds of one condition are apart. */
  @Kind(
      value = "seed_range",
      doc =
          "The largest over the smallest number among the seeds of a condition. It grows with the"
              + " number of seeds. Of a time, a seed that did not emerge counts as later than its"
              + " last step.")
  record SeedRange(
      @Key(doc = "The sweep.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Column: plateau.steps, or a metric's last value such as clean.loss.") String of,
      @Key(
              doc =
                  "Which condition is judged: that with the largest range (best), with the smallest"
                      + " (worst), or each.",
              value = "each")
          Which range,
      @Key(doc = "Lower bound on the range.", value = Key.ABSENT) Optional<Double> atLeast,
      @Key(doc = "Upper bound on the range.", value = Key.ABSENT) Optional<Double> atMost)
      implements ClaimSpec {
    @Override
    public String statement() {
      return "largest over smallest " + of + " among the seeds of " + data;
    }
  }

  /** How two numbers of the same run compare. */
  @Kind(
      value = "within_run",
      doc =
          "One number of a run over another number of the same run, such as the time at which a"
              + " head attends over the time at which the task is solved. A time that was not"
              + " reached counts as later than the run's last step.")
  record WithinRun(
      @Key(doc = "The sweep.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Column: plateau.steps, or a metric's last value such as clean.loss.") String of,
      @Key(doc = "The column in the denominator.") String baseline,
      @Key(doc = "Lower bound on the ratio.", value = Key.ABSENT) Optional<Double> atLeast,
      @Key(doc = "Upper bound on the ratio.", value = Key.ABSENT) Optional<Double> atMost,
      @Key(
              doc = "Smallest share of runs whose ratio is within the bounds.",
              value = "100%",
              unit = "share",
              min = 0,
              max = 1)
          double runs)
      implements ClaimSpec {
    @Override
    public String statement() {
      return of + " over " + baseline + " in each run of " + data;
    }
  }
}
