package dev.emergence.model;

import dev.emergence.spec.Prediction;
import dev.emergence.spec.Span;

/**
 * What a model reads and predicts.
 *
 * @param length tokens in a sequence
 * @param inputs numbers of a token; the size of the vocabulary when tokens are integers
 * @param discrete whether tokens are integers 0..inputs-1, else vectors of {@code inputs} numbers
 * @param outputs numbers of a prediction: coordinates of the target, or classes
 * @param scored the positions whose predictions have a target
 */
public record Signature(int length, int inputs, boolean discrete, int outputs, Span scored) {
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
    if (scored.end() > length) {
      throw new IllegalArgumentException(
          "positions up to " + (scored.end() - 1) + " are scored, but the length is " + length);
    }
  }

  /** Of a model of which nothing but the last position is scored. */
  public Signature(int length, int inputs, boolean discrete, int outputs) {
    this(length, inputs, discrete, outputs, Span.last(length));
  }

  /** What a model for a task reads and predicts. */
  public static Signature of(Prediction p) {
    return new Signature(p.length(), p.inputs(), p.discrete(), p.outputs(), p.scored());
  }

  /** Whether the last position alone is scored. */
  boolean lastOnly() {
    return scored.equals(Span.last(length));
  }
}
