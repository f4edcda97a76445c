package dev.emergence.model;

import java.util.Optional;

/**
 * How the tokens of a sequence reach one another inside a block; one file an architecture. The rest
 * of the {@link StackNetwork} works on each token alone, so what a mixer lets through is all that a
 * position knows of the others.
 */
interface TokenMixer {

  /** Last word of the names of a block's parameters: {@code blocks.0.ROLE}. */
  default String role() {
    return "mixer";
  }

  /**
   * Declares the parameters of one block.
   *
   * @param name first part of their names
   * @param length tokens of a sequence
   */
  void declare(Layout.Builder layout, String name, int length);

  /** Declares what its blocks share; last of all parameters. None by default. */
  default void declareShared(Layout.Builder layout) {}

  /** The map of every token, (R, B, L, D) to (R, B, L, D). */
  Branch every(Site site);

  /**
   * The same map for the last token alone, (R, B, L, D) to (R, B, D), where that is less work.
   * Absent: there is no short form; the other tokens are computed and left unread.
   */
  default Optional<Branch> last(Site site) {
    return Optional.empty();
  }
}
