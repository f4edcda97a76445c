package dev.emergence.spec;

/** Batches and schedules. */
final class TrainingRules {
  private TrainingRules() {}

  static void apply(Parts parts) {
    int length = parts.task().predicts().length();
    parts
        .training()
        .tokensPerStep()
        .filter(tokens -> tokens % length != 0)
        .ifPresent(
            tokens ->
                parts.report(
                    "training.tokens_per_step",
                    "tokens_per_step must be a multiple of the sequence length "
                        + length
                        + ", got "
                        + tokens,
                    "such as " + Math.max(1, Math.round((double) tokens / length)) * length));
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
