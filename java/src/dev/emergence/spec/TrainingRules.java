package dev.emergence.spec;

/** How long schedules may be. */
final class TrainingRules {
  private TrainingRules() {}

  static void apply(Parts parts) {
    if (parts.training().schedule() instanceof ScheduleSpec.Cosine cosine
        && cosine.decaySteps() <= cosine.warmupSteps()) {
      parts.report(
          "training.schedule.decay_steps",
          "the cosine ends at step "
              + cosine.decaySteps()
              + ", before the warm-up of "
              + cosine.warmupSteps()
              + " steps is over",
          "decay_steps counts from the first step",
          "training.schedule.warmup_steps");
    }
  }
}
