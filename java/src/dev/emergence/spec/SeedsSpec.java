package dev.emergence.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which seeds each condition is run with. {@code seeds: none} means one run and nothing drawn at
 * random.
 */
@ShortForm("count")
public record SeedsSpec(
    @Key(doc = "First seed.", value = "0", min = 0, max = MOST_FIRST) int first,
    @Key(
            doc = "Number of seeds: first, first + 1, and so on.",
            value = "1",
            min = 1,
            max = MOST_SEEDS)
        int count,
    @Key(
            doc =
                "Whether equal seeds draw equal random numbers in all conditions. This"
                    + " makes comparisons more precise.",
            value = "true")
        boolean paired,
    @Key(
            doc =
                "What the seeds change. init: initial parameters; data: training"
                    + " batches; task: what is fixed in the task; test: test sets. The rest"
                    + " keeps the first seed. Empty: everything changes.",
            value = "[]",
            since = 2)
        List<Purpose> vary) {

  private static final long MOST_SEEDS = 100_000;
  // The last seed is an integer, too.
  private static final long MOST_FIRST = Integer.MAX_VALUE - MOST_SEEDS + 1;

  /** Every seed changes everything. */
  public SeedsSpec(int first, int count, boolean paired) {
    this(first, count, paired, List.of());
  }

  /** What random numbers are drawn for. */
  public enum Purpose {
    /** Initial parameters. */
    INIT,
    /** Training batches. */
    DATA,
    /** What is fixed in the task: a matrix, a rule, a place. */
    TASK,
    /** Test sets. */
    TEST
  }

  /**
   * The streams of a run that do not come from its own seed.
   *
   * @param own the run's seed
   * @param kept the seed of what is not varied
   */
  public Streams streams(int own, int kept) {
    return vary.isEmpty() || own == kept
        ? Streams.OWN
        : new Streams(
            other(Purpose.INIT, kept),
            other(Purpose.DATA, kept),
            other(Purpose.TASK, kept),
            other(Purpose.TEST, kept));
  }

  /** Whether seeds give a configuration runs that differ: something that they change is drawn. */
  public boolean change(RunConfig config) {
    return vary.isEmpty() || vary.stream().anyMatch(purpose -> isDrawn(purpose, config));
  }

  /** What is drawn for a configuration. */
  public static List<Purpose> drawn(RunConfig config) {
    return Arrays.stream(Purpose.values()).filter(purpose -> isDrawn(purpose, config)).toList();
  }

  private static boolean isDrawn(Purpose purpose, RunConfig config) {
    return switch (purpose) {
      case INIT -> config.architecture().startsAtRandom();
      case TASK ->
          PluginFailure.orResult(
              config.task().getClass(),
              "drawsOnce",
              () -> config.task().drawsOnce(config.repeatsAcrossSamples()));
      case DATA, TEST -> config.architecture().isTrained();
    };
  }

  private Optional<Integer> other(Purpose purpose, int kept) {
    return vary.contains(purpose) ? Optional.empty() : Optional.of(kept);
  }
}
