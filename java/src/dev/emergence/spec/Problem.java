package dev.emergence.spec;

import java.util.List;

/**
 * One thing wrong with a value.
 *
 * @param code the error's code, {@code E110}; {@code emergence explain E110} tells more
 * @param path dotted path of the key at fault, {@code repetition.in_context}
 * @param message what was found and what was expected
 * @param related paths whose values the message speaks of, so that their places can be shown
 * @param hint what to do, or empty
 */
public record Problem(String code, String path, String message, List<String> related, String hint) {
  /**
   * A number that exceeds another: code E110.
   *
   * @param limitPath the other's path
   */
  public static Problem exceeds(String path, long value, long limit, String limitPath) {
    String message = path + " must be an integer from 1 to " + limit + ", got " + value;
    return new Problem("E110", path, message, List.of(limitPath), "");
  }

  /** A problem without related places. */
  public static Problem at(String code, String path, String message, String hint) {
    return new Problem(code, path, message, List.of(), hint);
  }
}
