package dev.emergence.task;

import java.util.List;

/**
 * What a model must fit.
 *
 * @param length tokens in a sequence, L
 * @param inputs numbers of a token; the size of the vocabulary when tokens are integers
 * @param discrete whether tokens are integers 0..inputs-1, else vectors of {@code inputs} numbers
 * @param outputs numbers of a prediction: coordinates of the target, or classes
 * @param loss what compares prediction and target
 */
public record TaskShape(int length, int inputs, boolean discrete, int outputs, Loss loss) {

  /** What compares prediction and target. */
  public enum Loss {
    /** Half the squared distance to a vector, summed over coordinates. */
    SQUARED_ERROR,
    /** Cross entropy in nats with an integer class. */
    CROSS_ENTROPY
  }

  /**
   * What can be measured on a batch: {@code loss}, and {@code accuracy} where targets are classes.
   */
  public List<String> metrics() {
    return loss == Loss.SQUARED_ERROR ? List.of("loss") : List.of("loss", "accuracy");
  }
}
