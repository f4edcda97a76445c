package dev.emergence.spec;

/**
 * An accuracy that is reached without finding the token that matters, and so is no sign of
 * attention.
 *
 * @param accuracy what it reaches
 * @param how in words: {@code naming any value of the context}
 * @param formula of the accuracy: {@code 1/N_pairs}
 * @param at values in it: {@code N_pairs = 8}
 */
public record Guess(double accuracy, String how, String formula, String at) {

  /**
   * The most frequent of the values in a context, which are drawn uniformly.
   *
   * @param count how many values the context has
   * @param values different ones
   * @param symbol of the count
   */
  static Guess ofContext(int count, int values, String symbol) {
    return new Guess(
        LargestCount.mean(count, values) / count,
        "naming the most frequent value of the context",
        "its count/" + symbol,
        symbol + " = " + count + ", values = " + values);
  }

  /** One of some classes at random, which is right equally often however they are distributed. */
  static Guess ofAny(int classes) {
    return new Guess(
        1.0 / classes, "naming any class at random", "1/classes", "classes = " + classes);
  }
}
