package dev.emergence.task;

import java.util.Arrays;

/**
 * One sequence of a language as it is written, token by token: what each token follows from, and
 * how likely it was for one who knows what was meant. What does not fit is left off.
 */
final class Sentence {
  private final int[] tokens;
  private final int[] parents;
  private final int[] foils;
  private int length;
  private double surprise;
  private double foreseen;

  /**
   * @param length tokens of a whole sequence
   */
  Sentence(int length) {
    this.tokens = new int[length];
    this.parents = new int[length];
    this.foils = new int[length];
    Arrays.fill(parents, -1);
    Arrays.fill(foils, -1);
  }

  /** Tokens written so far. */
  int length() {
    return length;
  }

  boolean isFull() {
    return length == tokens.length;
  }

  /** All tokens; those that are not written yet are 0. */
  int[] tokens() {
    return tokens;
  }

  /** Position of the token that decided each token; -1 where none did. */
  int parent(int position) {
    return parents[position];
  }

  /** For a token that a rule decided, one that the rule excludes; -1 elsewhere. */
  int foil(int position) {
    return foils[position];
  }

  /** A token that was drawn with this probability, while the likeliest one had {@code best}. */
  void drawn(int token, double probability, double best) {
    if (isFull()) {
      return;
    }
    // The first token is not predicted.
    if (length > 0) {
      surprise -= Math.log(probability);
      foreseen += best;
    }
    tokens[length++] = token;
  }

  /** One of equally likely tokens. */
  void oneOf(int token, int choices) {
    drawn(token, 1.0 / choices, 1.0 / choices);
  }

  /** A token that could not be another. */
  void fixed(int token) {
    drawn(token, 1, 1);
  }

  /**
   * A token that a rule takes from an earlier position.
   *
   * @param foil a token that the rule excludes
   */
  void follows(int parent, int foil) {
    if (!isFull()) {
      parents[length] = parent;
      foils[length] = foil;
      fixed(tokens[parent]);
    }
  }

  /** Minus the logarithm of the probability of all tokens after the first, in nats. */
  double surprise() {
    return surprise;
  }

  /** How many of the tokens after the first the best guess is expected to hit. */
  double foreseen() {
    return foreseen;
  }
}
