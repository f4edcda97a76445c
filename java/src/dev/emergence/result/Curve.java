package dev.emergence.result;

import dev.emergence.spec.Derived;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * What was measured during one training. Each evaluation is a row.
 *
 * @param columns names such as {@code test.loss}, {@code clean.accuracy}, {@code
 *     attention.1.3.entropy} (layer 1, head 3, counted from 1)
 * @param steps the optimiser step of each row (the time for a gradient flow); strictly increasing,
 *     starting at 0
 * @param values {@code values[row][column]}; NaN if the column was not measured in this row
 */
@API(status = API.Status.MAINTAINED)
public record Curve(List<String> columns, double[] steps, double[][] values) {
  private static final Pattern NUMBER = Pattern.compile("\\.\\d+(?![^.])");

  public Curve {
    columns = List.copyOf(columns);
    if (steps.length != values.length) {
      throw new IllegalArgumentException(
          "a curve has as many rows as steps, got " + values.length + " and " + steps.length);
    }
  }

  /** The number of rows. */
  public int size() {
    return steps.length;
  }

  /**
   * A curve with a column of NaN for each that is measured but is not there although others of its
   * family are, such as {@code test.loss.row.3} beside {@code test.loss.row.0}. Files leave out
   * NaN, so they do not name a column that never had a number; without it the smallest or largest
   * of the family would be that of the others.
   *
   * @param measured names of columns
   */
  public Curve withFamilies(Collection<String> measured) {
    Set<String> families = columns.stream().map(Curve::family).collect(Collectors.toSet());
    List<String> all = new ArrayList<>(columns);
    measured.stream()
        .filter(name -> !columns.contains(name))
        .filter(name -> !family(name).equals(name) && families.contains(family(name)))
        .forEach(all::add);
    if (all.size() == columns.size()) {
      return this;
    }
    double[][] wide = new double[values.length][];
    for (int row = 0; row < wide.length; row++) {
      wide[row] = Arrays.copyOf(values[row], all.size());
      Arrays.fill(wide[row], columns.size(), all.size(), Double.NaN);
    }
    return new Curve(all, steps, wide);
  }

  /** A name with a star for each number in it. */
  private static String family(String column) {
    return NUMBER.matcher(column).replaceAll(".*");
  }

  /** A curve with only the first rows. */
  public Curve first(int rows) {
    return new Curve(columns, Arrays.copyOf(steps, rows), Arrays.copyOf(values, rows));
  }

  /** A curve with only the rows up to a step. */
  public Curve until(double last) {
    int rows = 0;
    while (rows < size() && steps[rows] <= last) {
      rows++;
    }
    return rows == size() ? this : first(rows);
  }

  /**
   * Whether there is such a column: one that was recorded, or one that is computed from recorded
   * ones (see {@link Derived}).
   */
  public boolean has(String column) {
    return columns.contains(column)
        || Derived.parse(column).filter(d -> !d.from(columns).isEmpty()).isPresent();
  }

  /**
   * Whether any evaluation has a number of a column. A column whose numbers are means over what a
   * test set happens to hold has none where it holds nothing of the kind.
   */
  public boolean isMeasured(String column) {
    return has(column) && Arrays.stream(column(column)).anyMatch(value -> !Double.isNaN(value));
  }

  /**
   * One column, with one value for each row.
   *
   * @throws IllegalArgumentException when there is no such column; the message lists the known
   *     names
   */
  public double[] column(String column) {
    int at = columns.indexOf(column);
    if (at < 0 && has(column)) {
      return derived(Derived.parse(column).orElseThrow());
    }
    if (at < 0) {
      throw new IllegalArgumentException(
          "no column '" + column + "'; known: " + String.join(", ", columns));
    }
    double[] out = new double[steps.length];
    for (int row = 0; row < out.length; row++) {
      out[row] = values[row][at];
    }
    return out;
  }

  /**
   * The columns of which a column is the smallest or the largest, each as it is compared with the
   * others; of any other column, itself.
   *
   * @throws IllegalArgumentException as {@link #column}
   */
  public List<double[]> compared(String column) {
    Optional<Derived> fold =
        Derived.parse(column).filter(d -> d.folds() && !columns.contains(column));
    return fold.isPresent() && has(column) ? from(fold.get()) : List.of(column(column));
  }

  private double[] derived(Derived derived) {
    if (derived.folds()) {
      return derived.fold(from(derived));
    }
    double[] whole = column(derived.before());
    return Arrays.stream(whole).map(v -> v - whole[0]).toArray();
  }

  private List<double[]> from(Derived derived) {
    return derived.from(columns).stream()
        .map(this::column)
        .map(column -> derived.shares() ? shares(column) : column)
        .toList();
  }

  /** Over the first value; 0 stays 0, whatever that was. */
  private static double[] shares(double[] column) {
    return Arrays.stream(column).map(v -> v == 0 ? 0 : v / column[0]).toArray();
  }
}
