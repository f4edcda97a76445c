package dev.emergence.theory;

/** The theory says nothing about what was asked: another task, or a name that it does not know. */
public final class NotApplicable extends IllegalArgumentException {
  /**
   * @param sentence what was asked, and what the theory does cover
   */
  public NotApplicable(String sentence) {
    super(sentence);
  }
}
