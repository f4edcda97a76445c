package dev.emergence.model;

/**
 * What a model reads and predicts.
 *
 * @param length tokens in a sequence
 * @param inputs numbers of a token; the size of the vocabulary when tokens are integers
 * @param discrete whether tokens are integers 0..inputs-1, else vectors of {@code inputs} numbers
 * @param outputs numbers of a prediction: coordinates of the target, or classes
 */
public record Signature(int length, int inputs, boolean discrete, int outputs) {
  /** Checks that nothing is empty. */
  public Signature {
    if (length < 1 || inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a model needs at least one token, input and output, got length "
              + length
              + ", inputs "
              + inputs
              + ", outputs "
              + outputs);
    }
  }
}
