package dev.emergence.tensor;

import org.apiguardian.api.API;

/**
 * All random numbers of one purpose of one run. A stream is a Philox key: the seed and the purpose.
 * Streams with another seed or purpose have another key and share no numbers. A stream depends on
 * nothing else, neither on the configuration nor on the machine.
 *
 * @param k0 the seed
 * @param k1 the number of the purpose
 */
@API(status = API.Status.EXPERIMENTAL)
public record RandomStream(int k0, int k1) {

  /** The purposes of random numbers. */
  public enum Purpose {
    /** What is fixed for a run: W*, x̃, fixed positions, favoured tokens. */
    TASK(1),
    /** Initial parameters. */
    INIT(2),
    /** Training batches. */
    DATA(3),
    /**
     * Test batches. All test sets of a run use one stream, so that they are compared on the same
     * draws.
     */
    TEST(4);

    private final int number;

    Purpose(int number) {
      this.number = number;
    }
  }

  /** The stream of a seed and a purpose. */
  public static RandomStream of(int seed, Purpose purpose) {
    return new RandomStream(seed, purpose.number);
  }

  /**
   * The lane that {@link #place} chooses with; whatever is drawn for a sequence has lanes from 0.
   */
  private static final int CHOICE = -1;

  /** The place of a sequence's random numbers: its batch, and its number in the batch. */
  public record Place(int step, int sample) {}

  /**
   * The place from which sequence {@code sample} of batch {@code step} is drawn. With endless data
   * this is its own place. With a data set of M sequences, the set is the first M sequences of
   * batch 0, so a larger set contains the smaller ones. Which of them is used is bounded(0, M) of
   * lane -1: uniform, with replacement, and independent of what was used before.
   *
   * @param dataset M; 0 means endless data
   */
  public Place place(int dataset, int step, int sample) {
    return dataset == 0
        ? new Place(step, sample)
        : new Place(0, lane(CHOICE, step, sample).bounded(0, dataset));
  }

  /** The random numbers of quantity {@code lane} of sample {@code sample} of batch {@code step}. */
  public RandomLane lane(int lane, int step, int sample) {
    return new RandomLane(this, lane, step, sample);
  }
}
