package dev.emergence.theory;

/** The loss of Eq. 12 over a grid of (Δa, w), for the picture of Fig. 6. */
public final class Landscape {
  private Landscape() {}

  /**
   * @param setting without cross-sample repetition
   * @param deltaA grid points of Δa
   * @param w grid points of w
   * @return {@code loss[i][j]} at {@code w[i]}, {@code deltaA[j]}
   */
  public static double[][] loss(Setting setting, double[] deltaA, double[] w) {
    ReducedLoss loss = ReducedLoss.plane(setting);
    double[][] out = new double[w.length][deltaA.length];
    for (int i = 0; i < w.length; i++) {
      for (int j = 0; j < deltaA.length; j++) {
        out[i][j] = loss.value(new double[] {w[i], deltaA[j]});
      }
    }
    return out;
  }
}
