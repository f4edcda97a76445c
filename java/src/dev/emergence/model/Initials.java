package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec.Initialization;
import dev.emergence.spec.ArchitectureSpec.TokenInitialization;

/** What the initialisation keys of a file mean for each kind of parameter. */
final class Initials {
  private Initials() {}

  /** Weight of a linear layer that reads {@code fanIn} numbers. */
  static Initial weight(Initialization how, int fanIn) {
    return switch (how) {
      case UNIFORM_FAN_IN -> new Initial.Uniform(1 / Math.sqrt(fanIn));
      case LECUN_NORMAL -> new Initial.Normal(1 / Math.sqrt(fanIn));
      case NORMAL_002 -> new Initial.Normal(0.02);
    };
  }

  /** Bias of a linear layer that reads {@code fanIn} numbers. */
  static Initial bias(Initialization how, int fanIn) {
    return how == Initialization.UNIFORM_FAN_IN
        ? new Initial.Uniform(1 / Math.sqrt(fanIn))
        : new Initial.Constant(0);
  }

  /**
   * Table of token vectors: N(0, 1), or the weight of the linear layer that reads a one-hot vector
   * of the vocabulary.
   */
  static Initial tokens(TokenInitialization how, Initialization linear, int vocabulary) {
    return switch (how) {
      case NORMAL -> new Initial.Normal(1);
      case LINEAR -> weight(linear, vocabulary);
    };
  }

  /**
   * Table of learned positions: N(0, 1) as embedding tables usually are, N(0, 0.02²) where
   * everything is.
   */
  static Initial positions(Initialization how) {
    return new Initial.Normal(how == Initialization.NORMAL_002 ? 0.02 : 1);
  }

  /**
   * Logits of what a recurrence keeps from one token to the next, a = 1 - 1/N, for memories of N
   * tokens between {@code shortest} and {@code longest}, uniform in ln N.
   */
  static Initial horizon(double shortest, double longest) {
    return new Initial.Between(Math.log(shortest - 1), Math.log(longest - 1));
  }
}
