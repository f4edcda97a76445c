package dev.emergence.fit;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.QRDecomposition;

/** Ordinary least squares on logarithms by a QR decomposition (Zucchet et al. 2025, Eq. 23). */
final class LeastSquares implements Solver {
  /**
   * Smallest diagonal of R for columns of norm 1: the counterpart of {@link
   * Identifiability#LARGEST_CONDITION}.
   */
  private static final double SINGULAR = 1e-9;

  private final Design design;

  LeastSquares(Design design) {
    this.design = design;
  }

  @Override
  public Solution solve(Sample sample, double[] near) throws NotIdentifiable {
    double[][] rows = rows(design, sample);
    // A resample starts near the whole sample's solution, whose design has been found sound: the
    // cheap check of R is enough.
    double condition =
        near.length == 0 ? Identifiability.check(design.parameters(), rows) : Double.NaN;
    double[] theta = solve(rows, design.parameters().size(), targets(design, sample));
    return new Solution(theta, Double.NaN, condition);
  }

  @Override
  public double predict(double[] theta, int condition) {
    return design.predict(theta, condition);
  }

  /** The rows of the design, one a row of the sample. */
  static double[][] rows(Design design, Sample sample) {
    double[][] rows = new double[sample.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = design.rows()[sample.conditions()[i]].clone();
    }
    return rows;
  }

  /** The logarithms less the part that has no parameter. */
  static double[] targets(Design design, Sample sample) {
    double[] y = sample.logs();
    for (int i = 0; i < y.length; i++) {
      y[i] -= design.offsets()[sample.conditions()[i]];
    }
    return y;
  }

  /**
   * Minimises |rows θ - y|², after scaling the columns to norm 1; of no rows nothing is decided.
   */
  private static double[] solve(double[][] rows, int columns, double[] y) throws NotIdentifiable {
    if (columns == 0) {
      return new double[0];
    }
    if (rows.length < columns) {
      throw new NotIdentifiable("fewer points than parameters", Double.NaN);
    }
    double[] norms = new double[columns];
    for (double[] row : rows) {
      for (int k = 0; k < columns; k++) {
        norms[k] = Math.hypot(norms[k], row[k]);
      }
    }
    for (double norm : norms) {
      if (!(norm > 0)) {
        throw new NotIdentifiable("a column of zeros", Double.POSITIVE_INFINITY);
      }
    }
    Array2DRowRealMatrix matrix = new Array2DRowRealMatrix(rows.length, columns);
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < columns; k++) {
        matrix.setEntry(i, k, rows[i][k] / norms[k]);
      }
    }
    DecompositionSolver solver = new QRDecomposition(matrix, SINGULAR).getSolver();
    if (!solver.isNonSingular()) {
      throw new NotIdentifiable(
          "columns that are combinations of others", Double.POSITIVE_INFINITY);
    }
    double[] theta = solver.solve(new ArrayRealVector(y, false)).toArray();
    for (int k = 0; k < columns; k++) {
      theta[k] /= norms[k];
    }
    return theta;
  }
}
