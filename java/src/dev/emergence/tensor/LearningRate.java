package dev.emergence.tensor;

/**
 * A schedule, evaluated on the device: factor(s) for step s = 1, 2, ... is s/warmup while {@code s
 * < warmup}; then 1 when {@code decaySteps} is 0, else half a cosine from 1 at {@code warmupSteps}
 * to {@code finalFactor} at {@code decaySteps}, and constant afterwards.
 */
public record LearningRate(long warmupSteps, long decaySteps, double finalFactor) {
  /** The factor at a step; the definition all backends follow. */
  public double factor(long step) {
    if (step < warmupSteps) {
      return (double) step / warmupSteps;
    }
    if (decaySteps == 0) {
      return 1.0;
    }
    double done = Math.min(1.0, (double) (step - warmupSteps) / (decaySteps - warmupSteps));
    return finalFactor + (1 - finalFactor) * 0.5 * (1 + Math.cos(Math.PI * done));
  }
}
