package dev.emergence.spec;

import java.util.Optional;

/**
 * The random streams of a run that come from another seed than its own; absent ones come from its
 * own. So runs that differ in one source of chance share all others.
 */
public record Streams(
    @Key(doc = "Seed of the initial parameters.", value = Key.ABSENT) Optional<Integer> init,
    @Key(doc = "Seed of the training batches.", value = Key.ABSENT) Optional<Integer> data,
    @Key(doc = "Seed of what is fixed in the task: a matrix, a rule, a place.", value = Key.ABSENT)
        Optional<Integer> task,
    @Key(doc = "Seed of the test sets.", value = Key.ABSENT) Optional<Integer> test) {

  /** All streams come from the run's own seed. */
  public static final Streams OWN =
      new Streams(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
