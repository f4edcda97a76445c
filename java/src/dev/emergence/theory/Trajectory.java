package dev.emergence.theory;

import java.util.List;
import java.util.Map;

/**
 * One run of the toy model.
 *
 * <p>At a crossing there are two rows, just before and just beyond it and closer than {@link
 * #BRACKET} relative to each other, so that whatever reads the crossing off the rows finds its
 * time.
 *
 * @param columns names, such as {@code test.loss}
 * @param times time in units of the flow, or steps of gradient descent; strictly increasing from 0
 * @param values {@code values[row][column]}
 * @param crossings time of the first crossing of each level that was crossed, by the watch's name
 * @param failure empty, or why the run ended before its time: a state that is not finite
 */
public record Trajectory(
    List<String> columns,
    double[] times,
    double[][] values,
    Map<String, Double> crossings,
    String failure) {
  /** Relative distance of the rows around a crossing. */
  public static final double BRACKET = 1e-9;

  public Trajectory {
    columns = List.copyOf(columns);
    crossings = Map.copyOf(crossings);
  }

  /** Time or step of the last row. */
  public double end() {
    return times[times.length - 1];
  }

  /**
   * One column, a value a row.
   *
   * @throws IllegalArgumentException naming the known columns when there is none of that name
   */
  public double[] column(String column) {
    int at = columns.indexOf(column);
    if (at < 0) {
      throw new IllegalArgumentException(
          "no column '" + column + "'; known: " + String.join(", ", columns));
    }
    double[] out = new double[values.length];
    for (int row = 0; row < out.length; row++) {
      out[row] = values[row][at];
    }
    return out;
  }
}
