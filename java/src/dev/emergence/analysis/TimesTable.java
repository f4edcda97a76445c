package dev.emergence.analysis;

import dev.emergence.spec.expr.Criterion;
import dev.emergence.spec.expr.ExpressionError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A table of runs or of their evaluations from a file, whoever wrote it: comma-separated values
 * with the names of the columns in the first line, or JSON objects.
 *
 * @param name what messages call it
 * @param columns the names, in their order; columns without one, such as the numbers of rows that
 *     pandas writes first, are not read
 */
public record TimesTable(String name, List<String> columns, List<Row> rows) {
  private static final char MARK = '\uFEFF';
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

  /** The table cannot be used; the message says where and why. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * A row.
   *
   * @param number counted from 1 below the names of the columns; of JSON, the line
   * @param cells by column, without blanks around them
   */
  public record Row(int number, Map<String, String> cells) {
    /** What stands in a column; empty for a blank cell and for a column that is not there. */
    Optional<String> text(String column) {
      return Optional.ofNullable(cells.get(column)).filter(cell -> !cell.isEmpty());
    }

    /**
     * The number in a column; empty as {@link #text}, and for words such as NaN and NA.
     *
     * @throws Unusable when something else stands there
     */
    Optional<Double> number(String column) {
      try {
        return text(column).flatMap(TableCell::number);
      } catch (NumberFormatException e) {
        throw new Unusable("row " + number + ": " + column + " " + e.getMessage());
      }
    }
  }

  /**
   * Reads a table. Commas, semicolons or tabs separate its columns, whichever the first line has. A
   * file whose name ends with {@code .jsonl} or {@code .ndjson} has a JSON object in each line.
   *
   * @throws Unusable saying what is wrong with it
   */
  public static TimesTable read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    String name = String.valueOf(file.getFileName());
    boolean json = name.endsWith(".jsonl") || name.endsWith(".ndjson");
    return json ? JsonLines.table(name, text) : of(name, text);
  }

  static TimesTable of(String name, String text) {
    String content = !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    List<String[]> lines = lines(name, content);
    if (lines.size() < 2) {
      throw new Unusable(name + " has no rows below a line with the names of its columns");
    }
    List<String> columns = columns(name, lines.get(0));
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i);
      if (cells.length != columns.size()) {
        throw new Unusable(
            "row "
                + i
                + " has "
                + count(cells.length, "cell")
                + ", but the first line has "
                + count(columns.size(), "name"));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int c = 0; c < cells.length; c++) {
        row.put(columns.get(c), cells[c].strip());
      }
      row.remove("");
      rows.add(new Row(i, row));
    }
    List<String> named = columns.stream().filter(column -> !column.isEmpty()).toList();
    return new TimesTable(name, named, List.copyOf(rows));
  }

  /** The same table, which messages call something else. */
  public TimesTable named(String other) {
    return new TimesTable(other, columns, rows);
  }

  /** The same table with more columns that have one value in all rows; columns of its own stay. */
  public TimesTable with(Map<String, String> settings) {
    if (settings.isEmpty()) {
      return this;
    }
    List<String> all = new ArrayList<>(columns);
    settings.keySet().stream().filter(name -> !columns.contains(name)).forEach(all::add);
    List<Row> wide = new ArrayList<>();
    for (Row row : rows) {
      Map<String, String> cells = new LinkedHashMap<>(row.cells());
      settings.forEach(cells::putIfAbsent);
      wide.add(new Row(row.number(), cells));
    }
    return new TimesTable(name, all, List.copyOf(wide));
  }

  private static List<String> columns(String name, String[] first) {
    List<String> columns = new ArrayList<>();
    for (String cell : first) {
      String column = cell.strip();
      if (!column.isEmpty() && columns.contains(column)) {
        throw new Unusable(
            name + " has two columns " + column + "; the first line names the columns");
      }
      columns.add(column);
    }
    return List.copyOf(columns);
  }

  private static List<String[]> lines(String name, String content) {
    String first = content.lines().findFirst().orElse("");
    char separator = ',';
    for (char other : new char[] {';', '\t'}) {
      if (count(first, other) > count(first, separator)) {
        separator = other;
      }
    }
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
    try (MappingIterator<String[]> read =
        new CsvMapper()
            .readerFor(String[].class)
            .withFeatures(CsvReadFeature.WRAP_AS_ARRAY, CsvReadFeature.SKIP_EMPTY_LINES)
            .with(schema)
            .readValues(content)) {
      return read.readAll();
    } catch (JacksonException e) {
      throw new Unusable(
          name + " is no table of comma-separated values: " + e.getOriginalMessage());
    }
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  private static long count(String line, char separator) {
    return line.chars().filter(c -> c == separator).count();
  }

  /**
   * The column that a name means: one of this name, or the only one whose path ends with it, as
   * {@code batch_size} does for {@code training.batch_size}, or the only one that formulas have to
   * write so, as {@code lr_Adam} for {@code lr (Adam)}.
   */
  public Optional<String> column(String name) {
    if (columns.contains(name)) {
      return Optional.of(name);
    }
    List<String> ends = columns.stream().filter(c -> c.endsWith("." + name)).toList();
    List<String> found =
        ends.isEmpty() ? columns.stream().filter(c -> written(c).equals(name)).toList() : ends;
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** A column's name as formulas have to write it; empty where nothing of it can be written. */
  private static String written(String column) {
    if (NAME.matcher(column).matches()) {
      return column;
    }
    String plain = column.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_+|_+$", "");
    return plain.matches("\\d.*") ? "_" + plain : plain;
  }

  /** All columns for a message, with what to write for those whose names are none in a formula. */
  public String listed() {
    return columns.stream()
        .map(
            column -> {
              String written = written(column);
              boolean other = !written.isEmpty() && !written.equals(column);
              return other && column(written).equals(Optional.of(column))
                  ? column + " (write " + written + ")"
                  : column;
            })
        .collect(Collectors.joining(", "));
  }

  /**
   * The rows for which a condition on the columns is true.
   *
   * @throws ExpressionError when it cannot be understood
   * @throws Unusable when it has no answer for a row, or leaves none
   */
  public TimesTable where(String condition) {
    Criterion criterion = Criterion.parse(condition, other -> column(other).isPresent());
    for (String other : criterion.names()) {
      if (column(other).isEmpty()) {
        throw new Unusable("'" + other + "' is no column of " + name + "; columns: " + listed());
      }
    }
    List<Row> left = new ArrayList<>();
    for (Row row : rows) {
      try {
        if (criterion.holds(other -> column(other).flatMap(row::text).flatMap(TableCell::value))) {
          left.add(row);
        }
      } catch (Criterion.NoAnswer e) {
        throw new Unusable("row " + row.number() + ": " + e.getMessage());
      }
    }
    if (left.isEmpty()) {
      throw new Unusable("no row of " + name + " is left by " + condition);
    }
    return new TimesTable(name, columns, left);
  }
}
