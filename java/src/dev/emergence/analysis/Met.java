package dev.emergence.analysis;

import dev.emergence.spec.FitSpec.Expectation;

/**
 * An expectation beside the number it speaks of.
 *
 * @param name a parameter, or r2
 * @param value NaN when there is no such number
 */
public record Met(String name, Expectation expectation, double value) {

  /** Whether every bound is kept; no number keeps none. */
  public boolean holds() {
    boolean near =
        expectation.near().isEmpty()
            || Math.abs(value - expectation.near().get()) <= expectation.within().orElse(0.0);
    boolean low = expectation.atLeast().isEmpty() || value >= expectation.atLeast().get();
    boolean high = expectation.atMost().isEmpty() || value <= expectation.atMost().get();
    return !Double.isNaN(value) && near && low && high;
  }
}
