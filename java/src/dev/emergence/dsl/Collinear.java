package dev.emergence.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds a column of a design that the columns before it determine, by Gram-Schmidt orthogonalisation. */
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
      double[] v = column(rows, j);
      double size = norm(v);
      double[] combination = new double[columns];
      combination[j] = 1;
      // Twice, since one pass leaves remainders of the order of rounding times the condition number.
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < j; k++) {
          double share = dot(basis[k], v);
          for (int i = 0; i < v.length; i++) {
            v[i] -= share * basis[k][i];
          }
          for (int i = 0; i <= k; i++) {
            combination[i] -= share * mixing[k][i];
          }
        }
      }
      double left = norm(v);
      if (!(left > NOTHING * size)) {
        return Optional.of(new Dependence(j, involved(rows, combination, j, size)));
      }
      for (int i = 0; i < v.length; i++) {
        v[i] /= left;
      }
      for (int i = 0; i <= j; i++) {
        combination[i] /= left;
      }
      basis[j] = v;
      mixing[j] = combination;
    }
    return Optional.empty();
  }

  private static List<Integer> involved(List<double[]> rows, double[] combination, int j, double size) {
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
