package dev.emergence.train;

import dev.emergence.spec.RunConfig;
import java.util.Optional;

/**
 * A run as it enters a training.
 *
 * @param seed decides all that is drawn for it
 * @param from where it goes on; empty: at step 0
 */
public record Start(RunConfig config, int seed, Optional<Snapshot> from) {
  /** A run at step 0. */
  public Start(RunConfig config, int seed) {
    this(config, seed, Optional.empty());
  }

  /** Steps that it has taken. */
  public long step() {
    return from.map(Snapshot::step).orElse(0L);
  }
}
