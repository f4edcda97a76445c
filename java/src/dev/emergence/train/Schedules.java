package dev.emergence.train;

import dev.emergence.spec.ScheduleSpec;
import dev.emergence.tensor.LearningRate;

/** What the schedule keys of a file mean on a device. */
final class Schedules {
  private Schedules() {}

  /** The device's form of a schedule. */
  static LearningRate of(ScheduleSpec spec) {
    if (spec instanceof ScheduleSpec.Constant constant) {
      return new LearningRate(constant.warmupSteps(), 0, 1);
    }
    if (spec instanceof ScheduleSpec.Cosine cosine) {
      return new LearningRate(cosine.warmupSteps(), cosine.decaySteps(), cosine.finalFactor());
    }
    throw new IllegalArgumentException(
        "schedule " + spec + " is not known here; add it to Schedules and to LearningRate");
  }
}
