package dev.emergence.spec;

/** What is to be learned. */
@Kinds({TaskSpec.LinearRegression.class, TaskSpec.AssociativeRecall.class})
public interface TaskSpec {

  /** What a model reads and must predict. */
  Prediction predicts();

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
      @Key(doc = "Size of a token and of the target.", symbol = "d", min = 1, max = 65536) int dim,
      @Key(
              doc = "Tokens in a sequence, the relevant ones included.",
              symbol = "T",
              min = 1,
              max = 1048576)
          int sequenceLength,
      @Key(
              doc =
                  "Where the relevant token stands: the last place, a place drawn once a run, or drawn for each sequence.",
              value = "random")
          RelevantPosition relevantPosition,
      @Key(doc = "Adds an input that is 1 on relevant tokens and 0 elsewhere.", value = "true")
          boolean relevantFeature,
      @Key(doc = "How the special token of cross-sample repetition is drawn.", value = "unit")
          SpecialToken specialToken,
      @Key(doc = "Scales each column of W* to norm 1, as the theory assumes.", value = "false")
          boolean unitColumns)
      implements TaskSpec {

    @Override
    public Prediction predicts() {
      int width = dim + (relevantFeature ? 1 : 0);
      return Prediction.ofLast(sequenceLength, width, false, dim, Loss.SQUARED_ERROR);
    }
  }

  /**
   * In-context associative recall (Zucchet et al. 2025, section 3 and App. C.1): k1 v1 ... kN vN q,
   * predict π(q).
   */
  @Kind(
      value = "associative_recall",
      doc = "Key-value pairs and a query key; the target is the value that followed it.")
  record AssociativeRecall(
      @Key(
              doc = "Key-value pairs in the context; the length is 2 * pairs + 1.",
              symbol = "N_pairs",
              min = 1,
              max = 65536)
          int pairs,
      @Key(
              doc = "Size of the vocabulary that keys and values share.",
              symbol = "N_tokens",
              min = 2,
              max = 65536)
          int tokens,
      @Key(doc = "How often the query's key stands in the context.", value = "at_least_one")
          QueryPlacement queryPlacement)
      implements TaskSpec {

    @Override
    public Prediction predicts() {
      return Prediction.ofLast(2 * pairs + 1, tokens, true, tokens, Loss.CROSS_ENTROPY);
    }
  }
}
