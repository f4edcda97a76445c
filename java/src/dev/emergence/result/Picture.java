package dev.emergence.result;

/**
 * The attention pattern of one head on one sequence, as stored in {@code attention.safetensors}, or
 * the truth about that sequence, see {@link #truth}.
 *
 * @param label what it was asked for by: a step, {@code last}, or a threshold's name
 * @param step the step at which it was taken
 * @param layer from 1
 * @param head from 1
 * @param probabilities {@code [query][key]}; each row sums to 1
 */
public record Picture(String label, long step, int layer, int head, double[][] probabilities) {
  private static final String TRUTH = "true-keys";

  /**
   * What the task knows about the sequence of a run's pictures. Folders of older versions have
   * none.
   *
   * @param pairs rows of a query and a key that it should attend to, as positions
   */
  public static Picture truth(double[][] pairs) {
    return new Picture(TRUTH, 0, 1, 1, pairs);
  }

  /** Whether these are pairs of queries and keys, and no pattern. */
  public boolean isTruth() {
    return label.equals(TRUTH);
  }
}
