package dev.emergence.task;

import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;

/** Estimates of levels on sequences that are drawn for them. */
final class LevelEstimates {
  private LevelEstimates() {}

  /** Random numbers that no run draws, the same for all estimates. */
  static RandomStream stream() {
    return new RandomStream(0x0EA51E5, Purpose.values().length + 1);
  }
}
