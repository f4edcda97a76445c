package dev.emergence.tensor;

import org.apiguardian.api.API;

/**
 * All random numbers of one purpose of one run: the Philox key (seed, purpose). Streams of
 * different seeds or purposes have different keys and so share nothing; they depend on nothing
 * else, neither on the configuration nor on the machine.
 *
 * @param k0 the seed
 * @param k1 the purpose's number
 */
@API(status = API.Status.EXPERIMENTAL)
public record RandomStream(int k0, int k1) {

  /** What a stream is drawn for. */
  public enum Purpose {
    /** What is fixed for a run: W*, x̃, fixed positions, favoured tokens. */
    TASK(1),
    /** Initial parameters. */
    INIT(2),
    /** Training batches. */
    DATA(3),
    /**
     * Test batches: one stream for all test sets of a run, so that sets are compared on paired
     * draws.
     */
    TEST(4);

    private final int number;

    Purpose(int number) {
      this.number = number;
    }
  }

  /** The stream of a run's seed and a purpose. */
  public static RandomStream of(int seed, Purpose purpose) {
    return new RandomStream(seed, purpose.number);
  }

  /**
   * The lane that {@link #place} chooses with; whatever is drawn for a sequence has lanes from 0.
   */
  private static final int CHOICE = -1;

  /** Where the words of a sequence are: its batch and its number in it. */
  public record Place(int step, int sample) {}

  /**
   * Where sequence {@code sample} of batch {@code step} is drawn. Of endless data that is its own
   * place. The data set of M sequences is the first M of batch 0, so a larger set holds a smaller
   * one; which of them is taken is bounded(0, M) of lane -1: uniform, with replacement, whatever
   * was taken before.
   *
   * @param dataset M; 0: endless
   */
  public Place place(int dataset, int step, int sample) {
    return dataset == 0
        ? new Place(step, sample)
        : new Place(0, lane(CHOICE, step, sample).bounded(0, dataset));
  }

  /** Quantity {@code lane} of element {@code sample} of batch {@code step}. */
  public RandomLane lane(int lane, int step, int sample) {
    return new RandomLane(this, lane, step, sample);
  }
}
