package dev.emergence.theory;

/**
 * How training moves a state when steps are infinitely small: y' = f(y). A gradient descent with
 * learning rate η takes y to y + η f(y).
 */
public interface Flow {
  /** Numbers in a state. */
  int dimension();

  /** Writes f(state) to {@code out}; both have length {@link #dimension}. */
  void derivatives(double[] state, double[] out);
}
