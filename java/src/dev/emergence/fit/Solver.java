package dev.emergence.fit;

/** One way to estimate the parameters from a sample. */
interface Solver {
  /**
   * Estimates.
   *
   * @param near where to start the search, or an empty array when nothing is known
   * @throws NotIdentifiable with the reason, when the sample does not decide the parameters
   */
  Solution solve(Sample sample, double[] near) throws NotIdentifiable;

  /** Predicted logarithm of the time of a condition. */
  double predict(double[] theta, int condition);

  /**
   * Estimates as the solver works on them.
   *
   * @param theta a factor's is its logarithm
   * @param sigma standard deviation of the residuals; NaN when the solver does not estimate it
   * @param condition condition number of the design (of the Jacobian when the law is not linear),
   *     columns scaled to norm 1
   */
  record Solution(double[] theta, double sigma, double condition) {}
}
