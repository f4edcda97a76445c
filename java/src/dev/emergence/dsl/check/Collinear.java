package dev.emergence.dsl.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds a column of a design that the columns before it determine, by Gram-Schmidt
 * orthogonalisation.
 */
final class Collinear {
  /** A remainder below this share of the column is rounding. */
  private static final double NOTHING = 1e-9;

  private Collinear() {}

  /**
   * A column that others determine.
   *
   * @param on the columns it depends on; empty when it is 0 everywhere
   */
  record Dependence(int column, List<Integer> on) {}

  /** The first dependent column, if any. */
  static Optional<Dependence> find(List<double[]> rows) {
    int columns = rows.get(0).length;
    double[][] basis = new double[columns][];
    double[][] mixing = new double[columns][columns];
    for (int j = 0; j < columns; j++) {
      basis[j] = column(rows, j);
      mixing[j][j] = 1;
      double size = norm(basis[j]);
      // Twice, since one pass leaves remainders of the order of rounding times the condition
      // number.
      project(basis, mixing, j);
      project(basis, mixing, j);
      double left = norm(basis[j]);
      if (!(left > NOTHING * size)) {
        return Optional.of(new Dependence(j, involved(rows, mixing[j], j, size)));
      }
      scale(basis[j], 1 / left);
      scale(mixing[j], 1 / left);
    }
    return Optional.empty();
  }

  /**
   * Takes from column {@code j} what the columns before it hold, and writes down which columns of
   * the design that was.
   */
  private static void project(double[][] basis, double[][] mixing, int j) {
    for (int k = 0; k < j; k++) {
      double share = dot(basis[k], basis[j]);
      for (int i = 0; i < basis[j].length; i++) {
        basis[j][i] -= share * basis[k][i];
      }
      for (int i = 0; i <= k; i++) {
        mixing[j][i] -= share * mixing[k][i];
      }
    }
  }

  private static void scale(double[] v, double factor) {
    for (int i = 0; i < v.length; i++) {
      v[i] *= factor;
    }
  }

  private static List<Integer> involved(
      List<double[]> rows, double[] combination, int j, double size) {
    List<Integer> on = new ArrayList<>();
    for (int i = 0; i < j; i++) {
      if (size > 0 && Math.abs(combination[i]) * norm(column(rows, i)) > 1e-6 * size) {
        on.add(i);
      }
    }
    return on;
  }

  private static double[] column(List<double[]> rows, int j) {
    return rows.stream().mapToDouble(row -> row[j]).toArray();
  }

  private static double norm(double[] v) {
    return Math.sqrt(dot(v, v));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
