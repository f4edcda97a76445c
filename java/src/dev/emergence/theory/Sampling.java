package dev.emergence.theory;

import dev.emergence.spec.MeasurementSpec.Spacing;

/**
 * At which times a trajectory is written down at least: see {@link DenseRows} for rows in between.
 *
 * @param points how many times, at least 2, the end included
 * @param spacing even steps from 0, or even ratios over the last {@link #DECADES} decades
 */
public record Sampling(int points, Spacing spacing) {
  /**
   * Decades that logarithmic sampling covers: earlier than a millionth of the whole nothing has
   * moved.
   */
  public static final double DECADES = 6;

  public Sampling {
    if (points < 2) {
      throw new IllegalArgumentException("a trajectory needs at least 2 points, got " + points);
    }
  }

  /**
   * The times up to {@code end}, ascending, the last one exactly {@code end}; 0 is not among them.
   */
  public double[] times(double end) {
    double[] out = new double[points];
    for (int i = 0; i < points; i++) {
      out[i] =
          spacing == Spacing.LINEAR
              ? end * (i + 1) / points
              : end * Math.pow(10, -DECADES * (points - 1 - i) / (points - 1));
    }
    out[points - 1] = end;
    return out;
  }
}
