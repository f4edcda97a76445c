package dev.emergence.analysis;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a cell of a table means, in the ways in which common programs write it. */
final class TableCell {
  /** Numpy, pandas, R and databases write these for what is not there. */
  private static final Set<String> NOTHING = Set.of("nan", "na", "n/a", "<na>", "none", "null");

  /** Narrower than Java's own form, for which {@code 32f} and {@code 0x1p3} are numbers too. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?inf(inity)?");
  private static final Pattern GROUPED = Pattern.compile("[+-]?\\d[\\d.,'\\s_]*");

  private TableCell() {}

  /**
   * The number in a cell; empty for a blank one and for a word that stands for nothing.
   *
   * @throws NumberFormatException saying why it is no number
   */
  static Optional<Double> number(String cell) {
    if (cell.isEmpty() || NOTHING.contains(cell.toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    double value = NUMBER.matcher(cell).matches() ? Double.parseDouble(cell) : Double.NaN;
    if (Double.isInfinite(value) || INFINITE.matcher(cell).matches()) {
      throw new NumberFormatException(
          "is not finite, got " + cell + "; leave the cell of a run without a time empty");
    }
    if (Double.isNaN(value)) {
      String hint =
          GROUPED.matcher(cell).matches()
              ? "; numbers have a decimal point, and nothing between thousands"
              : "";
      throw new NumberFormatException("is no number, got '" + cell + "'" + hint);
    }
    return Optional.of(value);
  }

  /** A Double or a String, as conditions compare them; empty for a blank cell and for NaN. */
  static Optional<Object> value(String cell) {
    if (cell.isEmpty() || cell.equalsIgnoreCase("nan")) {
      return Optional.empty();
    }
    return Optional.of(NUMBER.matcher(cell).matches() ? (Object) Double.valueOf(cell) : cell);
  }
}
