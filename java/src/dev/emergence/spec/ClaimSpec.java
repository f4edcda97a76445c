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
      ClaimSpec.Ladder.class
    },
    standard = "ratio")
public interface ClaimSpec {
  /** The sweep whose runs it is about. */
  String data();

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
  @Kind(value = "ratio", doc = "The mean of a baseline condition over that of other conditions.")
  record Ratio(
      @Key(doc = "The sweep.") String data,
      @Key(doc = "Column: plateau.steps, or a metric's last value such as clean.loss.") String of,
      @Key(doc = "Values, by symbol or path, that single out the baseline condition(s).")
          Map<String, Object> baseline,
      @Key(
              doc =
                  "Which baseline/condition ratio of means over seeds is judged: the best, the worst, or each.",
              value = "best")
          Which ratio,
      @Key(doc = "Lower bound on the ratio.", value = Key.ABSENT) Optional<Double> atLeast,
      @Key(doc = "Upper bound on the ratio.", value = Key.ABSENT) Optional<Double> atMost)
      implements ClaimSpec {
    @Override
    public String statement() {
      return Keys.word(ratio) + " ratio of " + of + " at " + baseline + " to another of " + data;
    }
  }

  /** Whether emergence comes like a coin flip at each step. */
  @Kind(
      value = "exponential",
      doc =
          "Whether waiting times over seeds are exponential, as those of a search without memory"
              + " are: the score test of Cox and Oakes, its p-value by parametric bootstrap.")
  record Exponential(
      @Key(doc = "The sweep; one condition must be left of it.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "The threshold whose crossing is waited for.") String threshold,
      @Key(
              doc =
                  "Step from which waiting counts. first: from the first emergence of all, so that"
                      + " steps in which nothing can emerge do not decide; that run is left out.",
              value = Key.ABSENT,
              empty = "first",
              min = 0)
          Optional<Double> after,
      @Key(doc = "What is claimed: exponential (not refuted) or not_exponential (refuted).")
          Shape expect,
      @Key(
              doc = "Refuted where the p-value is at most this.",
              value = "0.05",
              unit = "share",
              min = 0.0001,
              max = 0.5)
          double level,
      @Key(doc = "Samples of the bootstrap.", value = "4000", min = 100, max = 1000000)
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
          "The variance over seeds of the logarithm of a number in one sweep over that in another:"
              + " which source of chance decides.")
  record Spread(
      @Key(doc = "The sweep; one condition must be left of it.") String data,
      @Key(doc = "Column: plateau.steps, or a metric's last value such as clean.loss.") String of,
      @Key(doc = "The sweep with which it is compared.") String baseline,
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
          "Whether the mean of a metric over the first steps predicts the logarithm of the time of"
              + " emergence: correlation with predictions that leave each seed out, by permutation.")
  record EarlyWarning(
      @Key(doc = "The sweep; one condition must be left of it.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "The threshold whose crossing is predicted.") String threshold,
      @Key(doc = "Metric that predicts: attention.parents, test.loss.out.") String metric,
      @Key(
              doc =
                  "Last step whose evaluations count, the same for all runs; a share of each run's"
                      + " own time would tell the time. Runs that have emerged by then are left out.",
              unit = "steps",
              min = 1)
          double until,
      @Key(
              doc = "Holds where the p-value is at most this.",
              value = "0.05",
              unit = "share",
              min = 0.0001,
              max = 0.5)
          double level,
      @Key(doc = "Permutations.", value = "4000", min = 100, max = 1000000) int resamples)
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
          "Whether rows emerge one at a time: between the first and the last of them the whole loss"
              + " stands on a ladder, whose rungs are what it is when so many rows are known and the"
              + " others guessed. Means over seeds; runs in which fewer than two rows emerge are left"
              + " out.")
  record Ladder(
      @Key(doc = "The sweep; one condition must be left of it.") String data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "The family of thresholds on single rows: rows, with metric test.loss.row.*.")
          String threshold,
      @Key(
              doc =
                  "Least share of evaluations at which the whole loss is within half a rung of that"
                      + " of the rows that are below their threshold.",
              value = "0.7",
              unit = "share",
              min = 0,
              max = 1)
          double onRungs,
      @Key(
              doc =
                  "Least number of different evaluations at which rows emerge, as a share of the rows"
                      + " that do.",
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
}
