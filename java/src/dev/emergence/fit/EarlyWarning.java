package dev.emergence.fit;

import java.util.SplittableRandom;

/**
 * Whether one number predicts another: the correlation of the second with predictions of straight
 * lines that leave each pair out in turn, and the share of permutations of the pairs that do as
 * well. Leaving out keeps a single far point from predicting itself.
 *
 * @param pairs of numbers
 * @param slope of the line through all pairs
 * @param r correlation of truth and prediction; below 0 where the prediction is worse than the mean
 * @param p share of permutations whose correlation is at least as large, the data among them
 */
public record EarlyWarning(int pairs, double slope, double r, double p) {
  /** Fewer say nothing. */
  public static final int LEAST = 5;

  /** Correlations that differ by less are equal: sums in another order round otherwise. */
  private static final double ROUNDING = 1e-9;

  /**
   * @param x what predicts
   * @param y what is predicted
   * @throws IllegalArgumentException when there are fewer than {@link #LEAST} pairs
   */
  public static EarlyWarning of(double[] x, double[] y, int resamples) {
    if (x.length < LEAST) {
      throw new IllegalArgumentException("a prediction needs " + LEAST + " runs, got " + x.length);
    }
    double r = leftOut(x, y);
    SplittableRandom random = new SplittableRandom(0x5EED);
    double[] shuffled = y.clone();
    int asGood = 0;
    for (int b = 0; b < resamples; b++) {
      shuffle(shuffled, random);
      asGood += leftOut(x, shuffled) >= r - ROUNDING ? 1 : 0;
    }
    double p = Double.isNaN(r) ? Double.NaN : (1.0 + asGood) / (resamples + 1.0);
    return new EarlyWarning(x.length, slope(x, y, -1), r, p);
  }

  private static void shuffle(double[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double v = values[i];
      values[i] = values[j];
      values[j] = v;
    }
  }

  /**
   * Correlation of y with its predictions; NaN where x, or x without one of its numbers, does not
   * vary, or y does not.
   */
  private static double leftOut(double[] x, double[] y) {
    double[] predicted = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      predicted[i] = mean(y, i) + slope(x, y, i) * (x[i] - mean(x, i));
    }
    return covariance(predicted, y, -1)
        / Math.sqrt(covariance(predicted, predicted, -1) * covariance(y, y, -1));
  }

  private static double slope(double[] x, double[] y, int without) {
    return covariance(x, y, without) / covariance(x, x, without);
  }

  /** Counted from one of the numbers, so that the mean of equal ones is exactly each of them. */
  private static double mean(double[] values, int without) {
    double from = values[without == 0 ? 1 : 0];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += i == without ? 0 : values[i] - from;
    }
    return from + sum / (values.length - (without < 0 ? 0 : 1));
  }

  private static double covariance(double[] x, double[] y, int without) {
    double mx = mean(x, without);
    double my = mean(y, without);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += i == without ? 0 : (x[i] - mx) * (y[i] - my);
    }
    return sum;
  }
}
