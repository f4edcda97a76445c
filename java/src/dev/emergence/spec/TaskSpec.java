package dev.emergence.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is to be learned. */
@Kinds({
  TaskSpec.LinearRegression.class,
  TaskSpec.AssociativeRecall.class,
  LinearMap.class,
  CellularAutomaton.class,
  BlockRecall.class,
  SyntheticLanguage.class,
  MarkovChain.class,
  MultiQueryRecall.class,
  InContextClassification.class,
  InterleavedChains.class,
  CausalGraph.class,
  TriggerBigrams.class,
  ModularAddition.class,
  WindowSum.class
})
public interface TaskSpec {

  /** What a model reads and must predict. */
  Prediction predicts();

  /**
   * Whether what must be predicted stands in the input too, so that a model that looks ahead reads
   * it: where next tokens are asked for.
   */
  default boolean answersAreInput() {
    return false;
  }

  /**
   * How often the token that matters may stand in one context; empty for a task whose data do not
   * repeat, which then knows neither {@code repetition.in_context} nor {@code cross_sample}.
   */
  default Optional<Copies> copies() {
    return Optional.empty();
  }

  /** Reports what contradicts this task. Bounds of {@link #copies} are looked after elsewhere. */
  default void rules(Parts parts) {}

  /** What can be recorded of the attention on this task. */
  default Set<AttentionRecord> attention() {
    return EnumSet.of(AttentionRecord.RELEVANT, AttentionRecord.ENTROPY);
  }

  /** The same where it is known on which tokens each query must attend, and some more. */
  static Set<AttentionRecord> ofParents(AttentionRecord... more) {
    Set<AttentionRecord> all =
        EnumSet.of(
            AttentionRecord.RELEVANT,
            AttentionRecord.ENTROPY,
            AttentionRecord.PARENTS,
            AttentionRecord.IOU);
    all.addAll(List.of(more));
    return all;
  }

  /**
   * The task whose sequences a test set has: this one, but for keys of the test set that lie over
   * its own. Both predict the same.
   */
  default TaskSpec inTest(MeasurementSpec.TestSet set) {
    return this;
  }

  /**
   * Names of its prompt sets, sequences that ask for one thing; a test set may name one of them.
   */
  default List<String> prompts() {
    return List.of();
  }

  /**
   * Whether test sets without prompts have sequences that are held out: training never draws them.
   */
  default boolean holdsOut() {
    return false;
  }

  /**
   * The best guess without attention; empty where nothing is to be named.
   *
   * @param copies of the relevant token in a context, B
   */
  default Optional<Guess> guess(int copies) {
    Prediction predicts = predicts();
    return predicts.loss() == Loss.CROSS_ENTROPY
        ? Optional.of(Guess.ofAny(predicts.outputs()))
        : Optional.empty();
  }

  /**
   * The guess without attention to the right token on one of {@link #prompts}; empty where there is
   * none.
   *
   * @param set one of these
   * @param whole whether all tokens of an answer must be right, instead of each by itself
   */
  default Optional<Guess> guess(String set, boolean whole) {
    return Optional.empty();
  }

  /** What is odd about this task, though it can be run. */
  default List<Doubt> doubts(RepetitionSpec repetition) {
    return List.of();
  }

  /**
   * Whether a part of it is drawn once a run, which {@code seeds.vary: [task]} changes.
   *
   * @param repeats whether special or favoured tokens occur
   */
  default boolean drawsOnce(boolean repeats) {
    return true;
  }

  /** Keys outside of the task that have no effect on it, each with a hint. */
  default Map<String, String> unread() {
    return Map.of("repetition.repeated_tokens", "it is for associative_recall");
  }

  /** Where the relevant token stands. */
  enum RelevantPosition {
    /** The last {@code in_context} positions (the toy model, Eq. 1). */
    LAST,
    /** Drawn once a run. */
    FIXED,
    /** Drawn for each sequence (App. B.1). */
    RANDOM
  }

  /** How the special token x̃ of cross-sample repetition is drawn. */
  enum SpecialToken {
    /** A Gaussian direction of norm 1, as the theory assumes. */
    UNIT,
    /** Entries N(0, 1/d). */
    GAUSSIAN,
    /** The first basis vector. */
    E1
  }

  /** How often the query's key stands in the context. */
  enum QueryPlacement {
    /** One slot forced, every other slot Bernoulli((B-1)/(N-1)): the mean is B, never 0. */
    AT_LEAST_ONE,
    /**
     * Binomial(N, B/N) to the letter of App. C.1: may be 0, and the sequence is then unsolvable.
     */
    BINOMIAL,
    /** Binomial, drawn again when 0: the mean is above B. */
    BINOMIAL_POSITIVE,
    /** Exactly B slots. */
    EXACTLY
  }

  /**
   * Single-location linear regression (Zucchet et al. 2025, Eq. 1 and App. B.1): y = W* x_relevant.
   */
  @Kind(
      value = "linear_regression",
      doc = "The target is a linear map of one relevant token in a sequence of Gaussian vectors.")
  record LinearRegression(
      @Key(
              doc = "Number of entries in a token and in the target.",
              symbol = "d",
              min = 1,
              max = 65536)
          int dim,
      @Key(
              doc = "Number of tokens in a sequence, with the relevant ones.",
              symbol = "T",
              min = 1,
              max = 1048576)
          int sequenceLength,
      @Key(
              doc =
                  "Position of the relevant token. last: the last one; fixed: drawn once"
                      + " for each run; random: drawn for each sequence.",
              value = "random")
          RelevantPosition relevantPosition,
      @Key(
              doc =
                  "Whether each token has an extra input: 1 on relevant tokens, 0 on" + " others.",
              value = "true")
          boolean relevantFeature,
      @Key(
              doc =
                  "How the special token of cross-sample repetition is drawn. unit: a"
                      + " random direction of norm 1; gaussian: entries with variance 1/d; e1:"
                      + " the first basis vector.",
              value = "unit")
          SpecialToken specialToken,
      @Key(
              doc = "Whether each column of W* is scaled to norm 1, as the theory assumes.",
              value = "false")
          boolean unitColumns)
      implements TaskSpec {

    private static final int MOST_DIM = 1 << 15;

    @Override
    public Prediction predicts() {
      int width = dim + (relevantFeature ? 1 : 0);
      return Prediction.ofLast(sequenceLength, width, false, dim, Loss.SQUARED_ERROR);
    }

    @Override
    public Optional<Copies> copies() {
      return Optional.of(new Copies(sequenceLength, "task.sequence_length"));
    }

    @Override
    public void rules(Parts parts) {
      boolean hidden = relevantPosition == RelevantPosition.RANDOM && !relevantFeature;
      if (hidden && parts.architecture().stack().isPresent()) {
        parts.report(
            "task.relevant_feature",
            "a random relevant position without the relevant feature cannot be solved: nothing"
                + " tells which token counts",
            "set relevant_feature: true, or relevant_position: fixed",
            "task.relevant_position");
      }
      if (parts.architecture().isTrained()) {
        mapFits(parts);
      }
    }

    /** Reports a W* of more entries than an array of Java can hold. */
    void mapFits(Parts parts) {
      if (dim > MOST_DIM) {
        parts.report(
            "task.dim",
            "W* would have dim * dim = " + (long) dim * dim + " entries; at most 2^30 are possible",
            "use dim: " + MOST_DIM + " or less");
      }
    }
  }

  /**
   * In-context associative recall (Zucchet et al. 2025, section 3 and App. C.1): k1 v1 ... kN vN q,
   * predict π(q).
   */
  @Kind(
      value = "associative_recall",
      doc =
          "Key-value pairs, then a query key. The target is the value that" + " followed this key.")
  record AssociativeRecall(
      @Key(
              doc =
                  "Number of key-value pairs in the context. A sequence has 2 * pairs + 1"
                      + " tokens.",
              symbol = "N_pairs",
              min = 1,
              max = 65536)
          int pairs,
      @Key(
              doc = "Size of the vocabulary, which keys and values share.",
              symbol = "N_tokens",
              min = 2,
              max = 65536)
          int tokens,
      @Key(
              doc =
                  "How many copies of the query's key are in the context, with mean B."
                      + " at_least_one: one copy, and each other place at random; binomial: each"
                      + " place at random, perhaps no copy; binomial_positive: drawn again if"
                      + " there is none, so the mean is above B; exactly: B copies.",
              value = "at_least_one")
          QueryPlacement queryPlacement)
      implements TaskSpec {

    @Override
    public Prediction predicts() {
      return Prediction.ofLast(2 * pairs + 1, tokens, true, tokens, Loss.CROSS_ENTROPY);
    }

    @Override
    public Optional<Copies> copies() {
      return Optional.of(new Copies(pairs, "task.pairs"));
    }

    @Override
    public void rules(Parts parts) {
      RecallRules.apply(this, parts);
    }

    @Override
    public Set<AttentionRecord> attention() {
      return EnumSet.complementOf(EnumSet.of(AttentionRecord.PREVIOUS));
    }

    @Override
    public Optional<Guess> guess(int copies) {
      return Optional.of(RecallRules.guess(this, copies));
    }

    @Override
    public List<Doubt> doubts(RepetitionSpec repetition) {
      return RecallRules.absent(this, repetition).stream().toList();
    }

    @Override
    public boolean drawsOnce(boolean repeats) {
      return repeats;
    }

    @Override
    public Map<String, String> unread() {
      return Map.of();
    }
  }
}
