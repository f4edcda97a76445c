package dev.emergence.fit;

/**
 * A parameter of a law.
 *
 * @param name as in the formula
 * @param factor whether it multiplies the law ({@code C}): it is then positive, and estimated by
 *     its logarithm
 */
public record Parameter(String name, boolean factor) {
  /** The parameter's value from the number that the solver works on. */
  double value(double estimated) {
    return factor ? Math.exp(estimated) : estimated;
  }
}
