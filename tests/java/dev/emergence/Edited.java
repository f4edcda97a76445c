package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

/** Fixtures with pieces replaced. A piece that is not there fails, instead of testing nothing. */
public final class Edited {
  private Edited() {}

  /**
   * A text with pieces replaced, one after the other.
   *
   * @param changes what is there, and what takes its place, by turns
   */
  public static String text(String text, String... changes) {
    String edited = text;
    for (int i = 0; i < changes.length; i += 2) {
      assertThat(edited).as("the fixture").contains(changes[i]);
      edited = edited.replace(changes[i], changes[i + 1]);
    }
    return edited;
  }
}
