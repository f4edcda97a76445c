package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.Axes;
import dev.emergence.dsl.sweep.Combinations.Option;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One group of a zip: the first values of its columns together, then the second ones, and so on.
 */
record Zip(Map<String, Axes.Values> columns) {
  /** Longer lists than this are not written by hand, and ranges repeat nothing. */
  private static final int LONGEST_LIST = 1000;

  double count() {
    return columns.values().iterator().next().count();
  }

  boolean isEven() {
    return columns.values().stream().allMatch(c -> c.count() == count());
  }

  /** How long each column is, for a message. */
  String lengths() {
    return columns.entrySet().stream()
        .map(e -> e.getKey() + " has " + Texts.number(e.getValue().count()))
        .collect(Collectors.joining(", "));
  }

  List<Option> rows() {
    Map<String, List<Node.Scalar>> made = new LinkedHashMap<>();
    columns.forEach((path, values) -> made.put(path, values.make().get()));
    List<Option> rows = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      Map<String, Node.Scalar> row = new LinkedHashMap<>();
      for (Map.Entry<String, List<Node.Scalar>> e : made.entrySet()) {
        row.put(e.getKey(), e.getValue().get(i));
      }
      rows.add(new Option("", null, row));
    }
    return rows;
  }

  /** The first row that is there already. */
  Optional<Map<String, Node.Scalar>> repeated() {
    List<Option> rows = count() <= LONGEST_LIST ? rows() : List.of();
    for (int i = 0; i < rows.size(); i++) {
      Map<String, Node.Scalar> row = rows.get(i).values();
      if (rows.subList(0, i).stream().anyMatch(before -> same(before.values(), row))) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  private static boolean same(Map<String, Node.Scalar> one, Map<String, Node.Scalar> other) {
    return one.entrySet().stream().allMatch(e -> Axes.same(e.getValue(), other.get(e.getKey())));
  }
}
