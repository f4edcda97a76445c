package dev.emergence.cli;

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

  int exitCode() {
    return exitCode;
  }
}
