package dev.emergence.spec;

import java.util.Optional;

/** A further number that is measured on each test set if a file asks for it. */
public enum OutputRecord {
  /** How often scored positions side by side have the same likeliest class. */
  REPETITION,
  /** How nearly parallel the hidden states of scored positions are from which they predict. */
  COSINE_SIMILARITY;

  /** Why it cannot be measured, in words that follow its name; empty where it can. */
  public Optional<String> missing(Parts parts) {
    Prediction task = parts.task().predicts();
    if (task.scored().count() < 2) {
      return Optional.of("needs several scored positions in a sequence, and this task scores one");
    }
    boolean vectors = this == REPETITION && task.loss() != Loss.CROSS_ENTROPY;
    return vectors
        ? Optional.of("needs classes, and this task predicts vectors")
        : Optional.empty();
  }
}
