package dev.emergence.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Bigrams of which some hold in one sequence alone (Bietti, Cabannes, Bouchacourt, Jégou and Bottou
 * 2023, "Birth of a Transformer: A Memory Viewpoint"). Each sequence has K triggers, and an output
 * for each, which follows wherever the trigger stands. All other tokens follow each other by a
 * bigram law of the run. A model learns this law by heart, and must find the outputs in the context
 * by an induction head: a first layer that attends to the token before, and a second that attends
 * to what followed the trigger.
 *
 * <p>In the paper, unigrams and bigrams are those of the characters of a text. Here they are those
 * of the background of {@link SyntheticLanguage}. There an output may be a trigger, so that some
 * sequences run into a loop; here it is none of the sequence's triggers, whatever their number.
 */
@Kind(
    value = "trigger_bigrams",
    doc =
        "Tokens by a bigram law of the run, but for some triggers. Each sequence has an output for"
            + " each of its triggers, which always follows it there. Each token is predicted from"
            + " those before it.")
public record TriggerBigrams(
    @Key(doc = "Number of different tokens.", symbol = "V", min = 2, max = 1024, value = "64")
        int vocabulary,
    @Key(doc = "Number of tokens in a sequence.", symbol = "T", min = 4, max = 4096, value = "64")
        int sequenceLength,
    @Key(
            doc = "Number of triggers of a sequence, less than the vocabulary.",
            symbol = "K",
            min = 1,
            max = 256,
            value = "3",
            atMost = "task.vocabulary")
        int triggers,
    @Key(
            doc =
                "Which tokens are triggers. random: drawn for each sequence by Zipf's law; fixed:"
                    + " drawn so once a run; frequent: the most frequent tokens, in all sequences.",
            value = "random")
        Choice choice,
    @Key(
            doc =
                "How the output of a trigger is drawn for a sequence, from all tokens but its"
                    + " triggers. uniform: all equally likely; bigram: by the bigram law.",
            value = "uniform")
        Outputs outputs,
    @Key(
            doc =
                "Exponent of the Zipf law: token r, from 1, is drawn with a probability"
                    + " proportional to 1 / r^zipf. Half of the tokens that follow no trigger are"
                    + " drawn so. The others are one of four favourites of the token before, which"
                    + " are drawn so once for each run.",
            min = 0,
            max = 4,
            value = "1.0")
        double zipf)
    implements TaskSpec {

  /** Which tokens are triggers. */
  public enum Choice {
    /** Drawn for each sequence. */
    RANDOM,
    /** Drawn once a run. */
    FIXED,
    /** The most frequent ones. */
    FREQUENT
  }

  /** How outputs are drawn. */
  public enum Outputs {
    /** All equally likely. */
    UNIFORM,
    /** By the law of what follows the trigger where it is none. */
    BIGRAM
  }

  /** What can be asked of a model. */
  public enum Prompts {
    /** What follows a trigger that occurred before: the context tells. */
    TRIGGERS,
    /** What follows a token that is no trigger: the law of the run tells. */
    BIGRAMS
  }

  @Override
  public boolean answersAreInput() {
    return true;
  }

  @Override
  public List<String> prompts() {
    return Arrays.stream(Prompts.values()).map(Keys::word).toList();
  }

  /**
   * Naming any token, where a trigger's output may be any; several are hardly ever guessed. Else it
   * depends on the bigram law.
   */
  @Override
  public Optional<Guess> guess(String set, boolean whole) {
    boolean any = set.equals(Keys.word(Prompts.TRIGGERS)) && outputs == Outputs.UNIFORM;
    return any && !whole ? Optional.of(Guess.ofAny(vocabulary)) : Optional.empty();
  }

  @Override
  public void rules(Parts parts) {
    if (triggers >= vocabulary) {
      parts.report(
          "task.triggers",
          "no token is left for an output: "
              + triggers
              + " of "
              + vocabulary
              + " tokens are triggers",
          "use fewer triggers or a larger vocabulary",
          "task.vocabulary");
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents(AttentionRecord.PREVIOUS);
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
