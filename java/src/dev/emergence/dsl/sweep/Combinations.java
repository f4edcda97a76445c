package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.Edits;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All combinations of a sweep's factors, one option of each.
 *
 * @param base the file with what the sweep sets in all of them, and {@code sets} above it
 * @param sets what {@code --set} puts into configurations, by path: it stands above variants, too
 */
record Combinations(Node.Mapping base, List<Factor> factors, Map<String, Node.Entry> sets) {
  /** One setting of one factor. */
  record Option(String variant, Node.Mapping part, Map<String, Node.Scalar> values) {}

  /** A factor whose options are counted before they are made. */
  record Factor(double count, Supplier<List<Option>> options) {}

  /**
   * One combination.
   *
   * @param tree the file with the combination put in
   * @param below the same without the values of axes
   * @param variant name of its variant, or empty
   * @param values the swept values by path
   */
  record Cell(
      Node.Mapping tree, Node.Mapping below, String variant, Map<String, Node.Scalar> values) {}

  /** Number of combinations. */
  double count() {
    return factors.stream().mapToDouble(Factor::count).reduce(1, (a, b) -> a * b);
  }

  /** Every combination, the last factor fastest. */
  void forEach(Consumer<Cell> use) {
    walk(
        0,
        new Cell(base, base, "", new LinkedHashMap<>()),
        factors.stream().map(f -> f.options().get()).toList(),
        use);
  }

  /**
   * What this sweep sets {@code path} to, in the order of the file; empty when it leaves it alone.
   */
  List<Node> settings(String path) {
    List<Node> found = new ArrayList<>();
    Node set = Trees.find(base, path);
    if (set != null && set.place().layer() == Layer.SWEEP_SET) {
      found.add(set);
    }
    for (Factor factor : factors) {
      for (Option option : factor.count() <= 1000 ? factor.options().get() : List.<Option>of()) {
        Node value =
            option.part() != null ? written(option.part(), path) : option.values().get(path);
        if (value != null) {
          found.add(value);
        }
      }
    }
    return found;
  }

  /** A value of a part whose keys may be dotted paths. */
  private static Node written(Node.Mapping part, String path) {
    return Trees.find(Edits.putAll(Node.Mapping.empty(part.place()), part), path);
  }

  private void walk(int at, Cell cell, List<List<Option>> options, Consumer<Cell> use) {
    if (at == options.size()) {
      use.accept(cell);
      return;
    }
    for (Option option : options.get(at)) {
      walk(at + 1, with(cell, option), options, use);
    }
  }

  /** Values of axes stand above those of variants, whichever comes first in the file. */
  private Cell with(Cell cell, Option option) {
    Map<String, Node.Scalar> values = new LinkedHashMap<>(cell.values());
    values.putAll(option.values());
    boolean variant = option.part() != null;
    Node.Mapping below =
        variant ? Edits.putAll(base, Edits.above(base, option.part(), sets)) : cell.below();
    // Another kind drops keys, so the values of axes before it are put in once more.
    boolean all = variant || option.values().keySet().stream().anyMatch(p -> p.endsWith(".kind"));
    Node.Mapping tree =
        Edits.putAll(all ? below : cell.tree(), entries(all ? values : option.values()));
    return new Cell(tree, below, variant ? option.variant() : cell.variant(), values);
  }

  private static Map<String, Node.Entry> entries(Map<String, Node.Scalar> values) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    values.forEach((path, value) -> entries.put(path, new Node.Entry(value.place(), value)));
    return entries;
  }
}
