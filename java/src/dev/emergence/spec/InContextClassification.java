package dev.emergence.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Classification of an item from examples in the context (Chan et al. 2022; Reddy 2024, "The
 * mechanistic basis of data dependence and abrupt learning in an in-context classification task"):
 * pairs of an item and its label, then an item whose label is asked for. An item is a noisy copy of
 * the mean of its class. Classes and their labels are drawn once a run, so that a model can either
 * read the label from the context, by an induction head, or know it by heart. Which one it learns
 * depends on the data; prompts measure both.
 */
@Kind(
    value = "in_context_classification",
    doc =
        "Pairs of a vector and the vector of its label, then a vector whose label is predicted. It"
            + " can be read from the context or known by heart.")
public record InContextClassification(
    @Key(
            doc = "Number of pairs in the context. A sequence has 2 * pairs + 1 tokens.",
            symbol = "N_pairs",
            min = 1,
            max = 4096)
        int pairs,
    @Key(
            doc = "Number of classes. The more there are, the later they are known by heart.",
            symbol = "N_classes",
            min = 2,
            max = 65536,
            value = "1024")
        int classes,
    @Key(
            doc = "Number of labels, each of equally many classes.",
            symbol = "N_labels",
            min = 2,
            max = 65536,
            value = "32",
            atMost = "task.classes")
        int labels,
    @Key(
            doc = "Number of entries of an item and of a label, which are Gaussian.",
            symbol = "d",
            min = 1,
            max = 4096,
            value = "64")
        int dim,
    @Key(
            doc =
                "Standard deviation of an item around the mean of its class, as a multiple of that"
                    + " of the means.",
            min = 0,
            max = 100,
            value = "0.1")
        double noise,
    @Key(
            doc = "How often each class of a context occurs in it. It must divide pairs.",
            symbol = "B",
            min = 1,
            max = 4096,
            value = "1",
            atMost = "task.pairs")
        int burstiness,
    @Key(
            doc =
                "Share of the sequences whose context has the class of the query. In the others"
                    + " its label must be known by heart.",
            min = 0,
            max = 1,
            value = "1.0")
        double burstyShare,
    @Key(
            doc =
                "Exponent of the Zipf law: class k, from 1, is drawn with a probability"
                    + " proportional to 1 / k^zipf. 0: all equally often.",
            min = 0,
            max = 4,
            value = "0.0")
        double zipf)
    implements TaskSpec {
  private static final long MOST_NUMBERS = 1 << 24;

  /** What can be asked of a model. */
  public enum Prompts {
    /** Classes that were never seen, with labels of their own: the context alone tells. */
    NOVEL,
    /** Known classes with other labels than in training; the context's are asked for. */
    SWAPPED,
    /** Known classes that are not in the context: the label must be known by heart. */
    MEMORY
  }

  /** Tokens in a sequence: the pairs, then the query. */
  public int length() {
    return 2 * pairs + 1;
  }

  /** Different classes in a context. */
  public int contextClasses() {
    return pairs / burstiness;
  }

  @Override
  public List<String> prompts() {
    return Arrays.stream(Prompts.values()).map(Keys::word).toList();
  }

  @Override
  public void rules(Parts parts) {
    if (labels > classes) {
      parts.report(Problem.exceeds("task.labels", labels, classes, "task.classes"));
    }
    if (pairs % burstiness != 0) {
      parts.report(
          "task.burstiness",
          "burstiness must divide the number of pairs, got " + burstiness + " and " + pairs,
          "each class of a context occurs equally often",
          "task.pairs");
    } else if (contextClasses() >= classes) {
      parts.report(
          "task.classes",
          "a context has pairs / burstiness = "
              + contextClasses()
              + " classes, and one more must be left, got "
              + classes,
          "use more classes, or fewer pairs",
          "task.pairs",
          "task.burstiness");
    }
    if ((long) classes * dim > MOST_NUMBERS) {
      parts.report(
          "task.dim",
          "the means of all classes would have classes * dim = "
              + (long) classes * dim
              + " numbers; at most 2^24 are possible",
          "use fewer classes or a smaller dim",
          "task.classes");
    }
  }

  /** Naming a label of the context. */
  @Override
  public Optional<Guess> guess(int copies) {
    return Optional.of(ofContext(burstyShare));
  }

  @Override
  public Optional<Guess> guess(String set, boolean whole) {
    return Optional.of(
        switch (Prompts.valueOf(set.toUpperCase(Locale.ROOT))) {
          case NOVEL, SWAPPED -> ofContext(1);
          case MEMORY -> Guess.ofAny(labels);
        });
  }

  /**
   * @param answered share of the sequences whose context has the class of the query
   */
  private Guess ofContext(double answered) {
    double accuracy = answered / contextClasses();
    if (accuracy <= 1.0 / labels) {
      return Guess.ofAny(labels);
    }
    String share = answered < 1 ? "bursty_share * " : "";
    String at = answered < 1 ? "bursty_share = " + answered + ", " : "";
    return new Guess(
        accuracy,
        "naming the label of any class of the context",
        share + "burstiness/pairs",
        at + "burstiness = " + burstiness + ", pairs = " + pairs);
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents(AttentionRecord.VALUE_TO_KEY);
  }

  @Override
  public Prediction predicts() {
    return Prediction.ofLast(length(), dim, false, labels, Loss.CROSS_ENTROPY);
  }
}
