package dev.emergence.hub;

/**
 * A question to a model, in tokens.
 *
 * @param shown what it reads
 * @param answer how it should go on, a token at least
 * @param foil a wrong answer of as many tokens that the question suggests; empty: none
 */
record Prompt(int[] shown, int[] answer, int[] foil) {
  /** Checks that there is something to read and to say. */
  Prompt {
    if (shown.length == 0 || answer.length == 0) {
      throw new IllegalArgumentException("a prompt needs a token to read and one to say");
    }
    if (foil.length > 0 && foil.length != answer.length) {
      throw new IllegalArgumentException(
          "the foil has " + foil.length + " tokens, the answer " + answer.length);
    }
  }

  /** Tokens that the model reads: the last one of the answer is only predicted. */
  int length() {
    return shown.length + answer.length - 1;
  }

  /** The tokens that the model reads. */
  int[] read() {
    int[] all = new int[length()];
    System.arraycopy(shown, 0, all, 0, shown.length);
    System.arraycopy(answer, 0, all, shown.length, answer.length - 1);
    return all;
  }
}
