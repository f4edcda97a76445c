package dev.emergence.fit;

import org.hipparchus.special.Erf;

/**
 * The upper tail of the standard normal distribution, accurate far out where the probability itself
 * underflows.
 */
final class UpperTail {
  private static final double LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

  /**
   * From here on the continued fraction converges in few terms and the error function loses digits.
   */
  private static final double FAR = 4;

  private static final int TERMS = 60;

  private UpperTail() {}

  /** log P(Z > z). */
  static double log(double z) {
    return z < FAR
        ? Math.log(0.5 * Erf.erfc(z / Math.sqrt(2)))
        : logDensity(z) + Math.log(mills(z));
  }

  private static double logDensity(double z) {
    return -0.5 * z * z - LOG_SQRT_2PI;
  }

  /** Mills' ratio 1/(z + 1/(z + 2/(z + 3/(z + ...)))) (Laplace's continued fraction). */
  private static double mills(double z) {
    double tail = z;
    for (int k = TERMS; k >= 1; k--) {
      tail = z + k / tail;
    }
    return 1 / tail;
  }
}
