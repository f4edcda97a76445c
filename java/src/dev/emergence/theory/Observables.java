package dev.emergence.theory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The named numbers that are read off a state: the columns of a run's curve. Immutable once built.
 */
public final class Observables {
  private final List<String> columns = new ArrayList<>();
  private final List<ToDoubleFunction<double[]>> quantities = new ArrayList<>();
  private final List<ToDoubleFunction<double[]>> coordinates = new ArrayList<>();

  /** Adds a column, such as {@code test.loss} or {@code w}; returns this. */
  Observables with(String column, ToDoubleFunction<double[]> quantity) {
    columns.add(column);
    quantities.add(quantity);
    return this;
  }

  /** Adds a column that is a coordinate of the state: curves resolve how it moves. Returns this. */
  Observables withCoordinate(String column, ToDoubleFunction<double[]> quantity) {
    coordinates.add(quantity);
    return with(column, quantity);
  }

  /** The coordinates at a state. */
  double[] coordinates(double[] state) {
    return coordinates.stream().mapToDouble(c -> c.applyAsDouble(state)).toArray();
  }

  /** The columns' names. */
  public List<String> columns() {
    return List.copyOf(columns);
  }

  /** The numbers at a state, one a column. */
  public double[] at(double[] state) {
    double[] row = new double[quantities.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = quantities.get(i).applyAsDouble(state);
    }
    return row;
  }

  /**
   * One column as a function of the state.
   *
   * @throws IllegalArgumentException naming the known columns when there is none of that name
   */
  ToDoubleFunction<double[]> quantity(String column) {
    int at = columns.indexOf(column);
    if (at < 0) {
      throw new IllegalArgumentException(
          "no column '" + column + "' is recorded; known: " + String.join(", ", columns));
    }
    return quantities.get(at);
  }

  /** Whether the state lies beyond the watch's level. */
  boolean passes(Watch watch, double[] state) {
    return watch.passes(quantity(watch.column()).applyAsDouble(state));
  }
}
