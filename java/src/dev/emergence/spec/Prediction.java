package dev.emergence.spec;

import java.util.List;

/**
 * What a model reads and must predict on a task.
 *
 * @param length tokens in a sequence, L
 * @param inputs numbers of a token; the size of the vocabulary when tokens are integers
 * @param discrete whether tokens are integers 0..inputs-1, else vectors of {@code inputs} numbers
 * @param outputs numbers of a prediction: coordinates of the target, or classes
 * @param loss what compares prediction and target
 * @param scored the positions whose predictions have a target, Q of them: the last one in recall,
 *     all but the last one where the next token is predicted
 * @param slices parts of the scored targets that are also measured by themselves
 */
public record Prediction(
    int length,
    int inputs,
    boolean discrete,
    int outputs,
    Loss loss,
    Span scored,
    List<Slice> slices) {

  /** Checks that the scored positions are in the sequence, and the slices among them. */
  public Prediction {
    slices = List.copyOf(slices);
    if (length < 1 || inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a prediction needs a token, an input and an output at least, got length "
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
    for (Slice slice : slices) {
      if (slice.last() >= scored.count()) {
        throw new IllegalArgumentException(
            "slice "
                + slice.name()
                + " reaches target "
                + slice.last()
                + ", but there are "
                + scored.count()
                + " scored targets");
      }
    }
    if (slices.stream().map(Slice::name).distinct().count() < slices.size()) {
      throw new IllegalArgumentException("two slices have the same name: " + slices);
    }
  }

  /** A prediction of which nothing but the last position is scored. */
  public static Prediction ofLast(
      int length, int inputs, boolean discrete, int outputs, Loss loss) {
    return new Prediction(length, inputs, discrete, outputs, loss, Span.last(length), List.of());
  }

  /** Whether the last position alone is scored, so that others need not be predicted. */
  public boolean lastOnly() {
    return scored.equals(Span.last(length));
  }
}
