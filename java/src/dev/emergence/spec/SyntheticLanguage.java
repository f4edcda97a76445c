package dev.emergence.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A small language on which capabilities of language models can emerge: the offline stand-in for
 * natural text in Baherwani et al. 2026, section 2. Words follow each other by a bigram law with
 * Zipf's frequencies. Among them stand episodes whose continuation follows by a rule: a string of
 * digits is copied, a pair of names comes again, a pattern goes on, a sentence about two names asks
 * for the one that was named once.
 *
 * <p>Tokens are numbered in this order: digits 0 to 9, the separator of copies, function words,
 * names, places, objects, words.
 */
@Kind(
    value = "synthetic_language",
    doc =
        "Random words by a Zipf bigram law, with episodes that follow a rule:"
            + " copies, repeated names, patterns, indirect objects. Each token is"
            + " predicted from those before it.")
public record SyntheticLanguage(
    @Key(doc = "Number of different tokens.", symbol = "V", min = 64, max = 65536, value = "512")
        int vocabulary,
    @Key(
            doc = "Number of tokens in a sequence.",
            symbol = "T",
            min = 32,
            max = 65536,
            value = "128")
        int sequenceLength,
    @Key(
            doc =
                "Exponent of the Zipf law: word r is drawn with a probability proportional to 1 /"
                    + " r^zipf. Half of the words are drawn so. The others are one of four"
                    + " favourites of the word before, which are drawn so once for each run.",
            min = 0,
            max = 4,
            value = "1.0")
        double zipf,
    @Key(doc = "Probability with which an episode of each kind begins.", value = "{}")
        Episodes episodes)
    implements TaskSpec {
  /** Different digits of copies, tokens 0 to 9. */
  public static final int DIGITS = 10;

  /** What stands between a string and its copy. */
  public static final int SEPARATOR = DIGITS;

  /** The words of a sentence about two names, from token {@link #SEPARATOR} + 1 on. */
  public enum FunctionWord {
    WHEN,
    AND,
    WENT,
    TO,
    COMMA,
    GAVE;

    /** Its token. */
    public int token() {
      return SEPARATOR + 1 + ordinal();
    }
  }

  /** Neighbouring tokens of one class. */
  public record Range(int first, int count) {
    /** Whether a token is of this class. */
    public boolean contains(int token) {
      return token >= first && token < first + count;
    }

    private Range then(int more) {
      return new Range(first + count, more);
    }
  }

  /** What can be asked of a model, each a rule that decides how an episode goes on. */
  public enum Capability {
    /** A string of 8 digits, the separator, and the same string again. */
    COPY,
    /** Two names side by side, some words, and the same two names again. */
    REPETITION,
    /** Two to four words over and over: ABAB, AABAAB, ABCABC. */
    PATTERN,
    /** "when A and B went to PLACE, B gave OBJECT to": the name that was named once (Wang 2022). */
    IOI
  }

  /**
   * The probability that an episode of each kind begins at a position outside of episodes. Beside
   * them the words of the background go on.
   */
  public record Episodes(
      @Key(doc = "A string of digits is copied.", min = 0, max = 1, value = "0.05") double copy,
      @Key(doc = "A pair of names is repeated.", min = 0, max = 1, value = "0.05")
          double repetition,
      @Key(doc = "A pattern of words is repeated.", min = 0, max = 1, value = "0.05")
          double pattern,
      @Key(doc = "A sentence asks for its indirect object.", min = 0, max = 1, value = "0.05")
          double ioi) {

    /** The probability of one kind. */
    public double of(Capability capability) {
      return switch (capability) {
        case COPY -> copy;
        case REPETITION -> repetition;
        case PATTERN -> pattern;
        case IOI -> ioi;
      };
    }

    /** The probability that any begins. */
    public double any() {
      return copy + repetition + pattern + ioi;
    }
  }

  /** Names: an eighth of the vocabulary, 16 at least. */
  public Range names() {
    int first = SEPARATOR + 1 + FunctionWord.values().length;
    return new Range(first, Math.max(16, vocabulary / 8));
  }

  /** Places: a sixteenth of the vocabulary. */
  public Range places() {
    return names().then(vocabulary / 16);
  }

  /** Objects: a sixteenth of the vocabulary. */
  public Range objects() {
    return places().then(vocabulary / 16);
  }

  /** Words of the background, the most frequent first: what is left of the vocabulary. */
  public Range words() {
    Range objects = objects();
    return objects.then(vocabulary - objects.first() - objects.count());
  }

  @Override
  public boolean answersAreInput() {
    return true;
  }

  @Override
  public List<String> prompts() {
    return Arrays.stream(Capability.values()).map(Keys::word).toList();
  }

  /** Naming what stands most often in the string, in the period, or either of the names. */
  @Override
  public Optional<Guess> guess(String set, boolean whole) {
    return switch (Capability.valueOf(set.toUpperCase(Locale.ROOT))) {
      // All eight digits are hardly ever guessed.
      case COPY ->
          whole
              ? Optional.empty()
              : guess(
                  LargestCount.mean(8, DIGITS) / 8,
                  "the most frequent digit of the string",
                  "its count/8",
                  "8 digits");
      case REPETITION, IOI -> guess(0.5, "either of the two names", "1/2", "2 names");
      // ABAB; ABC or AAB; ABCD or AABC.
      case PATTERN ->
          guess(
              (1.0 / 2 + (1.0 / 3 + 2.0 / 3) / 2 + (1.0 / 4 + 1.0 / 2) / 2) / 3,
              "the most frequent word of the pattern",
              "mean of 1/2, 1/2, 3/8",
              "2 to 4 words");
    };
  }

  private static Optional<Guess> guess(double accuracy, String what, String formula, String at) {
    return Optional.of(new Guess(accuracy, "naming " + what, formula, at));
  }

  @Override
  public void rules(Parts parts) {
    if (episodes.any() > 1) {
      parts.report(
          "task.episodes",
          "the probabilities that an episode begins add up to "
              + (float) episodes.any()
              + ", which is more than 1",
          "0.05 of each kind leaves room for words between them");
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents();
  }

  @Override
  public Prediction predicts() {
    return new Prediction(
        sequenceLength,
        vocabulary,
        true,
        vocabulary,
        Loss.CROSS_ENTROPY,
        new Span(0, sequenceLength - 1),
        List.of());
  }
}
