package dev.emergence.result;

/**
 * A stored file is not what was written: cut short, changed, or not ours. The run is put aside and
 * done again.
 */
public final class Damaged extends Exception {
  /** What helps, behind a sentence about a finished run. */
  public static final String REMEDY =
      "; `emergence verify --repair` puts the run aside, and `emergence run` does it again";

  private static final long serialVersionUID = 1;

  /**
   * @param message which file, what was found, what was expected
   */
  public Damaged(String message) {
    super(message);
  }

  /** With the error that told. */
  public Damaged(String message, Throwable cause) {
    super(message, cause);
  }
}
