package dev.emergence.cli;

import dev.emergence.dsl.bind.Suggestions;
import java.util.Collection;

/**
 * A command that ends here with a message for its user and an exit code. Nothing is wrong with the
 * program.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int exitCode;

  /**
   * @param message what was found, what was expected, what to do; may be empty when all has been
   *     said
   */
  Refusal(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /** A word that names none of what there is: the nearest, and all. */
  static Refusal unknown(String kind, String wrong, Collection<String> known) {
    String meant =
        Suggestions.nearest(wrong, known).map(near -> "did you mean '" + near + "'? ").orElse("");
    return new Refusal(
        ExitCode.USAGE,
        "there is no "
            + kind
            + " '"
            + wrong
            + "'; "
            + meant
            + "known: "
            + String.join(", ", known));
  }

  int exitCode() {
    return exitCode;
  }
}
