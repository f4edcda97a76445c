package dev.emergence.report;

import dev.emergence.analysis.Csv;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The numbers behind a figure: a table whose columns have names. */
final class Data {
  private final List<Map<String, Object>> rows = new ArrayList<>();

  /** One row; a column that another row lacks is empty there. */
  Data row(Map<String, Object> cells) {
    rows.add(new LinkedHashMap<>(cells));
    return this;
  }

  /** The rows of another table, each with one more column in front. */
  void all(Data other, String column, Object value) {
    for (Map<String, Object> row : other.rows) {
      Map<String, Object> longer = new LinkedHashMap<>();
      longer.put(column, value);
      longer.putAll(row);
      rows.add(longer);
    }
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** As a file of comma-separated values with a header line. */
  String csv() {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    StringBuilder out = new StringBuilder(Csv.line(List.copyOf(columns)));
    for (Map<String, Object> row : rows) {
      List<Object> cells = new ArrayList<>();
      columns.forEach(c -> cells.add(row.get(c)));
      out.append(Csv.line(cells));
    }
    return out.toString();
  }
}
