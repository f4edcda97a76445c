package dev.emergence.spec;

import java.util.Optional;

/** A further number that is measured on each test set if a file asks for it. */
public enum OutputRecord {
  /** How often scored positions side by side have the same likeliest class. */
  REPETITION;

  /** Why it cannot be measured, in words that follow its name; empty where it can. */
  public Optional<String> missing(Parts parts) {
    Prediction task = parts.task().predicts();
    if (task.scored().count() < 2) {
      return Optional.of("needs several scored positions in a sequence, and this task scores one");
    }
    return task.loss() == Loss.CROSS_ENTROPY
        ? Optional.empty()
        : Optional.of("needs classes, and this task predicts vectors");
  }
}
