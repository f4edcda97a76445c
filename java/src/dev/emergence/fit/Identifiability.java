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
  private static final double LARGEST_CONDITION = 1e8;

  /**
   * Differences are exact to about 1e-10, so a Jacobian tells columns apart less well than a design
   * does.
   */
  private static final double LARGEST_BY_DIFFERENCES = 1e6;

  private final List<Parameter> parameters;
  private final double[][] rows;
  private final String noEffect;

  private Identifiability(List<Parameter> parameters, double[][] rows, String noEffect) {
    this.parameters = parameters;
    this.rows = rows;
    this.noEffect = noEffect;
  }

  /**
   * Condition number of the matrix with its columns scaled to norm 1.
   *
   * @throws NotIdentifiable when there are fewer rows than columns, or columns that are
   *     combinations of others
   */
  static double check(List<Parameter> parameters, double[][] rows) throws NotIdentifiable {
    String noEffect =
        "what it multiplies is 0, or what it is the exponent of is 1, in all of them; vary that, or"
            + " take it out of the formula";
    return new Identifiability(parameters, rows, noEffect).check(LARGEST_CONDITION);
  }

  /**
   * The same of a law that is not linear, about the estimates at which the derivatives were taken.
   *
   * @param jacobian derivatives of the law by its parameters, by differences
   * @throws NotIdentifiable as {@link #check(List, double[][])}
   */
  static double checkNear(List<Parameter> parameters, double[][] jacobian) throws NotIdentifiable {
    String noEffect =
        "where the law fits best, it gives the same times with any other value of it; the times"
            + " may be too alike for this formula, which has "
            + parameters.size()
            + " parameters; use one with fewer, or vary the settings more";
    return new Identifiability(parameters, jacobian, noEffect).check(LARGEST_BY_DIFFERENCES);
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
            "'" + parameters.get(k).name() + "' has no effect on these points: " + noEffect,
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
    String number =
        Double.isFinite(condition)
            ? String.format(Locale.ROOT, " (condition number %.1e)", condition)
            : "";
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
        + " cannot be told apart: on these points a change of one is made up for by changes of the"
        + " others; vary what they go with separately, or join them in the formula"
        + number;
  }

  private static String other(List<Parameter> two, Parameter one) {
    return two.get(two.get(0).equals(one) ? 1 : 0).name();
  }

  private static String names(List<Parameter> parameters) {
    return parameters.stream().map(p -> "'" + p.name() + "'").collect(Collectors.joining(", "));
  }
}
