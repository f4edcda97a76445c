package dev.emergence.spec;

import java.util.List;
import java.util.Optional;

/**
 * A column that is computed from stored ones: {@code X_gain}, a column minus its first value;
 * {@code min(X.*)} and {@code max(X.*)}, the smallest and largest of all columns that begin and end
 * as said; {@code min(X.*:initial)} and {@code max(X.*:initial)}, the same of each column over its
 * own first value.
 *
 * @param how it is computed
 * @param before what a stored column begins with; for a gain, the whole column
 * @param after what it ends with
 * @param shares whether each column is divided by its first value
 */
public record Derived(How how, String before, String after, boolean shares) {
  private static final String GAIN = "_gain";
  private static final String SHARE = ":initial";

  /** How a derived column is computed. */
  public enum How {
    /** Minus the first value. */
    GAIN,
    /** The smallest of several. */
    MIN,
    /** The largest of several. */
    MAX
  }

  /** What a name says; empty when it is no name of a derived column. */
  public static Optional<Derived> parse(String name) {
    if (name.endsWith(GAIN)) {
      return Optional.of(
          new Derived(How.GAIN, name.substring(0, name.length() - GAIN.length()), "", false));
    }
    int star = name.indexOf('*');
    boolean fold = (name.startsWith("min(") || name.startsWith("max(")) && name.endsWith(")");
    if (!fold || star < 0) {
      return Optional.empty();
    }
    How how = name.startsWith("min") ? How.MIN : How.MAX;
    String after = name.substring(star + 1, name.length() - 1);
    boolean shares = after.endsWith(SHARE);
    String end = shares ? after.substring(0, after.length() - SHARE.length()) : after;
    return Optional.of(new Derived(how, name.substring(4, star), end, shares));
  }

  /**
   * The name of the smallest or largest of several columns.
   *
   * @param columns with a star
   * @param shares whether each is divided by its first value
   */
  static String name(How how, String columns, boolean shares) {
    return (how == How.MIN ? "min(" : "max(") + columns + (shares ? SHARE : "") + ")";
  }

  /** The columns that it is computed from, among those given; empty when there is none. */
  public List<String> from(List<String> columns) {
    return columns.stream().filter(this::takes).toList();
  }

  /** Whether it is the smallest or the largest of several columns. */
  public boolean folds() {
    return how != How.GAIN;
  }

  /**
   * The smallest or largest value of each row; NaN where one of them is.
   *
   * @param several columns of equal length, at least one
   */
  public double[] fold(List<double[]> several) {
    double[] out = several.get(0).clone();
    for (double[] other : several) {
      for (int row = 0; row < out.length; row++) {
        out[row] = how == How.MIN ? Math.min(out[row], other[row]) : Math.max(out[row], other[row]);
      }
    }
    return out;
  }

  private boolean takes(String column) {
    return how == How.GAIN
        ? column.equals(before)
        : column.length() > before.length() + after.length()
            && column.startsWith(before)
            && column.endsWith(after);
  }
}
