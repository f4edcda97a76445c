package dev.emergence.hub;

/** A file from elsewhere that cannot be used, with a sentence that says why. */
public final class BadFile extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param sentence names the file, what was found and what was expected
   */
  public BadFile(String sentence) {
    super(sentence);
  }

  BadFile(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  static void require(boolean holds, String otherwise) throws BadFile {
    if (!holds) {
      throw new BadFile(otherwise);
    }
  }
}
