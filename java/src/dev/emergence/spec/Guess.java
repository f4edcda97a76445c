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

  /** One of some classes at random, which is right equally often however they are distributed. */
  static Guess ofAny(int classes) {
    return new Guess(
        1.0 / classes, "naming any class at random", "1/classes", "classes = " + classes);
  }
}
