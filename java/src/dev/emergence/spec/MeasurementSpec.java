package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What is measured, when, and what counts as emergence. */
public record MeasurementSpec(
    @Key(
            doc = "Steps between evaluations. This is the resolution of every measured" + " time.",
            value = "50",
            unit = "steps",
            min = 1,
            max = 1e9)
        int evaluateEvery,
    @Key(
            doc = "Number of sequences in each test set.",
            value = "256",
            unit = "samples",
            min = 1,
            max = 1e8)
        int evaluateSamples,
    @Key(
            doc =
                "Named distributions on which the model is evaluated. The name and a"
                    + " metric give a column: test.loss.",
            value = "{test: {}}",
            atomic = true)
        Map<String, TestSet> testSets,
    @Key(
            doc =
                "Named levels of a metric. The first crossing of a level is an"
                    + " emergence time.",
            value = "{}",
            identity = false,
            atomic = true)
        Map<String, Threshold> thresholds,
    @Key(
            doc = "When a run may end before max_steps.",
            value = "{never: true}",
            identity = false,
            atomic = true)
        Stop stop,
    @Key(doc = "What is recorded about attention.", value = "{}") Attention attention,
    @Key(
            doc =
                "Further numbers recorded on each test set, of tasks that score several positions."
                    + " repetition: the share of neighbouring ones whose likeliest class is the"
                    + " same; cosine_similarity: the mean cosine between the hidden states of two"
                    + " of them.",
            value = "[]",
            since = 2)
        List<OutputRecord> record,
    @Key(doc = "At which times a gradient flow is recorded. It has no steps.", value = "{}")
        Trajectory trajectory,
    @Key(
            doc =
                "When parameters are stored, for studies and other programs: a list of"
                    + " steps, names of thresholds (the first evaluation at which the crossing"
                    + " is certain) and `last`, or {every: 500}. They are kept whatever"
                    + " execution.keep says.",
            value = "{}",
            since = 2,
            identity = false,
            atomic = true)
        Checkpoints checkpointsAt) {

  /** A measurement of nothing further that stores no parameters. */
  public MeasurementSpec(
      int evaluateEvery,
      int evaluateSamples,
      Map<String, TestSet> testSets,
      Map<String, Threshold> thresholds,
      Stop stop,
      Attention attention,
      Trajectory trajectory) {
    this(
        evaluateEvery,
        evaluateSamples,
        testSets,
        thresholds,
        stop,
        attention,
        List.of(),
        trajectory,
        Checkpoints.NONE);
  }

  /** Moments of a training at which parameters are stored. */
  @ShortForm("at")
  public record Checkpoints(
      @Key(doc = "Steps, names of thresholds, or `last`.", value = "[]") List<String> at,
      @Key(
              doc =
                  "Distance between stored steps, beginning with step 0. 0: none are"
                      + " stored at equal distances.",
              value = "0",
              unit = "steps",
              min = 0,
              max = 1e12)
          long every) {
    /** None. */
    public static final Checkpoints NONE = new Checkpoints(List.of(), 0);

    /** Whether any are stored. */
    public boolean any() {
      return !at.isEmpty() || every > 0;
    }
  }

  /**
   * Rows of a gradient flow's curve, besides its start and the exact times at which thresholds are
   * crossed.
   */
  public record Trajectory(
      @Key(
              doc =
                  "Number of rows from the start to the end. Rows are added where w or"
                      + " delta_a change by more than 2 % from one row to the next.",
              value = "500",
              min = 2,
              max = 1e6)
          int points,
      @Key(
              doc =
                  "linear: equal steps of time; log: equal ratios over the last six" + " decades.",
              value = "linear")
          Spacing spacing) {}

  /** How numbers are spread over a range. */
  public enum Spacing {
    LINEAR,
    LOG
  }

  /** One test distribution; a key left at as_trained takes the value that training begins with. */
  public record TestSet(
      @Key(
              doc =
                  "Copies of the relevant token in a context: a number, or as_trained, what"
                      + " repetition has before its changes.",
              value = "as_trained",
              empty = "as_trained",
              min = 1,
              max = 1048576)
          Optional<Integer> inContext,
      @Key(
              doc =
                  "Probability of the special token: a number, or as_trained, what"
                      + " repetition has before its changes.",
              value = "0.0",
              empty = "as_trained",
              min = 0,
              max = 1)
          Optional<Double> crossSample,
      @Key(
              doc =
                  "Placement of the query's key in associative recall: a word, or" + " as_trained.",
              value = "as_trained",
              empty = "as_trained")
          Optional<TaskSpec.QueryPlacement> queryPlacement,
      @Key(
              doc =
                  "One of the task's sets of prompts, instead of sequences as in training"
                      + " (synthetic_language: copy, repetition, pattern, ioi;"
                      + " in_context_classification: novel, swapped, memory;"
                      + " trigger_bigrams: triggers, bigrams;"
                      + " modular_addition: training, where test sets without prompts have the"
                      + " held-out pairs).",
              value = Key.ABSENT,
              since = 2)
          Optional<String> prompts,
      @Key(
              doc =
                  "Exponent of the Zipf law by which rows of a linear_map are scored: a number, or"
                      + " as_trained. 0: always, so that the loss is the mean over all targets"
                      + " alike. Otherwise rows are weighted by their frequencies.",
              value = "0.0",
              empty = "as_trained",
              since = 2,
              min = 0,
              max = 4)
          Optional<Double> rowZipf) {

    /** Sequences as trained on, but for these. */
    public TestSet(
        Optional<Integer> inContext,
        Optional<Double> crossSample,
        Optional<TaskSpec.QueryPlacement> queryPlacement) {
      this(inContext, crossSample, queryPlacement, Optional.empty(), Optional.of(0.0));
    }

    /** Whether every target of its sequences is scored, but for what is not asked of prompts. */
    public boolean scoresAll() {
      return rowZipf.equals(Optional.of(0.0));
    }
  }

  /** A level of a metric. Exactly one of below and above is given. */
  public record Threshold(
      @Key(
              doc =
                  "TEST_SET.METRIC: test.loss, clean.accuracy. With one * it is a family"
                      + " of thresholds: NAME.first, NAME.all and one for each column."
                      + " attention.*.entropy is a family of all heads, attention.1.*.entropy of"
                      + " those of layer 1.")
          String metric,
      @Key(doc = "Emerged once the metric is below this.", value = Key.ABSENT)
          Optional<Double> below,
      @Key(doc = "Emerged once the metric is above this.", value = Key.ABSENT)
          Optional<Double> above,
      @Key(
              doc =
                  "absolute: the level is a number; initial: it is a multiple of the"
                      + " metric's value at step 0.",
              value = "absolute")
          Relative relativeTo,
      @Key(
              doc =
                  "Number of evaluations in a row that must pass. With 1, a level within the noise"
                      + " of the curve is crossed by chance. For NAME.first of a family one column"
                      + " must pass at all of them.",
              value = "1",
              min = 1,
              max = 1000)
          int hold,
      @Key(
              doc =
                  "Number of evaluations whose mean is compared with the level: the"
                      + " current one and those before it. Of a family, it is the mean of each"
                      + " column.",
              value = "1",
              since = 2,
              min = 1,
              max = 1000)
          int smooth,
      @Key(
              doc =
                  "Counts only after the metric was on the other side of this level, for hold"
                      + " evaluations in a row. So `below: 0.3, from: 0.6` is a fall from above 0.6"
                      + " to below 0.3: what had emerged is lost.",
              value = Key.ABSENT,
              since = 2)
          Optional<Double> from,
      @Key(
              doc =
                  "Of a family, the one column that this threshold is about: the number in place of"
                      + " the * of its metric. An axis over it compares columns of the same runs,"
                      + " and symbols: {row: measurement.thresholds.NAME.member} gives it a name"
                      + " for formulas and figures.",
              value = Key.ABSENT,
              since = 2,
              min = 0)
          Optional<Integer> member) {

    /** A level that each evaluation is compared with by itself. */
    public Threshold(
        String metric,
        Optional<Double> below,
        Optional<Double> above,
        Relative relativeTo,
        int hold) {
      this(metric, below, above, relativeTo, hold, 1);
    }

    /** A level that counts from the start. */
    public Threshold(
        String metric,
        Optional<Double> below,
        Optional<Double> above,
        Relative relativeTo,
        int hold,
        int smooth) {
      this(metric, below, above, relativeTo, hold, smooth, Optional.empty(), Optional.empty());
    }

    /** The same level, to be passed at another number of evaluations in a row. */
    public Threshold holding(int evaluations) {
      return new Threshold(metric, below, above, relativeTo, evaluations, smooth, from, member);
    }
  }

  /** What a threshold's level is measured in. */
  public enum Relative {
    /** The metric's own unit. */
    ABSOLUTE,
    /** Multiples of the metric at step 0. */
    INITIAL
  }

  /** Early stop: after one or several thresholds and a tail, or never. */
  public record Stop(
      @Key(
              doc = "Name of the threshold after which the run may end. For several, see `and`.",
              value = Key.ABSENT)
          Optional<String> when,
      @Key(
              doc =
                  "Names of further thresholds. The run goes on until these have emerged, too,"
                      + " in any order.",
              value = "[]",
              since = 2)
          List<String> and,
      @Key(
              doc = "Further steps, as a share of the steps until the last of the thresholds.",
              value = "20%",
              unit = "share",
              min = 0,
              max = 100)
          double extra,
      @Key(doc = "Whether training always goes on to max_steps.", value = "false") boolean never) {

    public Stop {
      and = List.copyOf(and);
    }

    /** After one threshold, or never. */
    public Stop(Optional<String> when, double extra, boolean never) {
      this(when, List.of(), extra, never);
    }

    /** The thresholds after which a run may end; empty if nothing ends it before its limit. */
    public List<String> thresholds() {
      return never || when.isEmpty()
          ? List.of()
          : Stream.concat(when.stream(), and.stream()).distinct().toList();
    }
  }

  /** Which numbers and pictures of the attention patterns are kept. */
  public record Attention(
      @Key(
              doc =
                  "Numbers recorded for each layer and head at each evaluation. relevant,"
                      + " parents: attention mass on the relevant tokens, or on the parents of"
                      + " every query; entropy: in nats; iou: overlap of the keys with most"
                      + " attention and the parents; value_to_key: mass of a value or"
                      + " label on its key or item; query_to_value: for associative recall;"
                      + " previous: mass on the token before, on as many as the next symbol of"
                      + " a markov_chain depends on, or of each position of a causal_graph on its"
                      + " parent.",
              value = "[]")
          List<AttentionRecord> record,
      @Key(
              doc =
                  "Steps, `last`, or names of thresholds at which the whole attention"
                      + " patterns of one sequence are stored.",
              value = "[]",
              identity = false)
          List<String> picturesAt,
      @Key(
              doc =
                  "Stores the attention patterns of one sequence over the whole training"
                      + " as a film for the page. Most frames are where the patterns change."
                      + " Absent: no film.",
              value = Key.ABSENT,
              since = 2,
              identity = false,
              atomic = true)
          Optional<Film> film) {}

  /**
   * Which patterns make up a film. Every evaluation is a candidate; the training is not changed.
   */
  public record Film(
      @Key(
              doc = "Number of frames. Those around which the patterns change most are" + " kept.",
              value = "24",
              min = 12,
              max = 200)
          int frames,
      @Key(
              doc =
                  "Threshold around whose crossing three evaluations on each side are"
                      + " always kept.",
              value = Key.ABSENT)
          Optional<String> around) {}
}
