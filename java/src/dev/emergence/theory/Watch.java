package dev.emergence.theory;

/**
 * A level of a column whose first crossing is wanted.
 *
 * @param name the threshold's name
 * @param column a column of the {@link Observables}
 * @param level in the column's own unit
 * @param below whether being below the level counts, else above
 */
public record Watch(String name, String column, double level, boolean below) {
  /** Whether a value of the column lies beyond the level. */
  public boolean passes(double value) {
    return below ? value < level : value > level;
  }
}
