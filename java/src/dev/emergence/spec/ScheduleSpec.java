package dev.emergence.spec;

/**
 * How the learning rate changes over steps. No schedule depends on {@code max_steps}, so that runs
 * can be continued.
 */
public sealed interface ScheduleSpec permits ScheduleSpec.Constant, ScheduleSpec.Cosine {

  /** Linear rise over {@code warmup_steps}, then the optimiser's learning rate. */
  @Kind(value = "constant", doc = "A linear rise, then a constant learning rate.")
  record Constant(
      @Key(
              doc =
                  "Length of the linear rise from 0. Step s has the factor min(1, s /"
                      + " warmup_steps).",
              value = "0",
              unit = "steps",
              min = 0,
              max = 1e12)
          long warmupSteps)
      implements ScheduleSpec {}

  /**
   * Linear rise, then half a cosine down to {@code final_factor} at {@code decay_steps}, constant
   * afterwards.
   */
  @Kind(value = "cosine", doc = "A linear rise, then half a cosine down to final_factor.")
  record Cosine(
      @Key(
              doc = "Length of the linear rise from 0.",
              value = "0",
              unit = "steps",
              min = 0,
              max = 1e12)
          long warmupSteps,
      @Key(doc = "Step at which the cosine ends.", unit = "steps", min = 1, max = 1e12)
          long decaySteps,
      @Key(
              doc = "Learning rate at the end, as a share of the optimiser's.",
              value = "0.0",
              min = 0,
              max = 1)
          double finalFactor)
      implements ScheduleSpec {}
}
