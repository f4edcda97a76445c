package dev.emergence.analysis;

import dev.emergence.analysis.TimesTable.Row;
import dev.emergence.analysis.TimesTable.Unusable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A table from a log of JSON objects, one in a line: keys are its columns, those of objects inside
 * others joined by dots. A key that a line lacks, or null, is a blank cell.
 */
final class JsonLines {
  /** Python writes NaN and Infinity, which JSON does not have. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private JsonLines() {}

  /**
   * Reads.
   *
   * @throws Unusable naming the line that is no object
   */
  static TimesTable table(String name, String text) {
    Set<String> columns = new LinkedHashSet<>();
    List<Row> rows = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (!line.isBlank()) {
        Map<String, String> cells = new LinkedHashMap<>();
        flatten("", object(name, number, line), cells);
        columns.addAll(cells.keySet());
        rows.add(new Row(number, cells));
      }
    }
    if (rows.isEmpty()) {
      throw new Unusable(name + " has no lines");
    }
    return new TimesTable(name, List.copyOf(columns), List.copyOf(rows));
  }

  private static ObjectNode object(String name, int number, String line) {
    try {
      if (MAPPER.readTree(line) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new Unusable(name + ", line " + number + " is no JSON: " + e.getOriginalMessage());
    }
    throw new Unusable(name + ", line " + number + " is no JSON object");
  }

  private static void flatten(String before, ObjectNode object, Map<String, String> cells) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String column = before + entry.getKey();
      JsonNode value = entry.getValue();
      if (value instanceof ObjectNode inside) {
        flatten(column + ".", inside, cells);
      } else if (!value.isNull()) {
        cells.put(column, (value.isValueNode() ? value.asString() : value.toString()).strip());
      }
    }
  }
}
