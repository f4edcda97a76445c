package dev.emergence.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/** Whether the columns of a matrix can be told apart, and if not, which cannot. */
final class Identifiability {
  /**
   * Above this condition number rounding alone moves the estimates by more than anyone's interval.
   */
  static final double LARGEST_CONDITION = 1e8;

  private final List<Parameter> parameters;
  private final double[][] rows;

  private Identifiability(List<Parameter> parameters, double[][] rows) {
    this.parameters = parameters;
    this.rows = rows;
  }

  /**
   * Condition number of the matrix with its columns scaled to norm 1.
   *
   * @throws NotIdentifiable when there are fewer rows than columns, or columns that are
   *     combinations of others
   */
  static double check(List<Parameter> parameters, double[][] rows, double largestCondition)
      throws NotIdentifiable {
    return new Identifiability(parameters, rows).check(largestCondition);
  }

  private double check(double largest) throws NotIdentifiable {
    int columns = parameters.size();
    if (rows.length < columns) {
      throw new NotIdentifiable(
          columns
              + " parameters ("
              + names(parameters)
              + ") need at least "
              + columns
              + " points that emerged, got "
              + rows.length,
          Double.NaN);
    }
    if (columns == 0) {
      return 1;
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(scaled());
    double[] s = svd.getSingularValues();
    double condition = s[0] / s[columns - 1];
    if (!(condition <= largest)) {
      throw new NotIdentifiable(reason(svd.getV().getColumn(columns - 1), condition), condition);
    }
    return condition;
  }

  private RealMatrix scaled() throws NotIdentifiable {
    RealMatrix matrix = new Array2DRowRealMatrix(rows, true);
    for (int k = 0; k < parameters.size(); k++) {
      double norm = matrix.getColumnVector(k).getNorm();
      if (norm == 0) {
        throw new NotIdentifiable(
            "'"
                + parameters.get(k).name()
                + "' has no effect on these points: its column of the design is 0 everywhere",
            Double.POSITIVE_INFINITY);
      }
      matrix.setColumnVector(k, matrix.getColumnVector(k).mapDivide(norm));
    }
    return matrix;
  }

  /** Reads the direction in which the estimates can slide freely. */
  private String reason(double[] free, double condition) {
    List<Parameter> involved = new ArrayList<>();
    for (int k = 0; k < free.length; k++) {
      if (Math.abs(free[k]) > 0.01) {
        involved.add(parameters.get(k));
      }
    }
    List<Parameter> exponents = involved.stream().filter(p -> !p.factor()).toList();
    String number = " (condition number " + String.format(Locale.ROOT, "%.1e", condition) + ")";
    if (exponents.size() == 1 && involved.size() == 2) {
      return "'"
          + exponents.get(0).name()
          + "' cannot be told from '"
          + other(involved, exponents.get(0))
          + "': what it is the exponent of takes one value in these points; vary it, or take it out"
          + " of the formula"
          + number;
    }
    return names(involved)
        + " cannot be told apart: in these points one of their columns is a combination of the"
        + " others; vary them separately, or join them in the formula"
        + number;
  }

  private static String other(List<Parameter> two, Parameter one) {
    return two.get(two.get(0).equals(one) ? 1 : 0).name();
  }

  private static String names(List<Parameter> parameters) {
    return parameters.stream().map(p -> "'" + p.name() + "'").collect(Collectors.joining(", "));
  }
}
