package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Merge;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.spec.expr.Symbols;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Symbols where paths are expected: {@code grid: {B: [1, 2]}} is {@code repetition.in_context}.
 * They are replaced once, so that the rest of the program knows paths alone.
 */
public final class Symbolic {
  private final Diagnostics out;
  private final Symbols symbols;

  /**
   * For one table of symbols.
   *
   * @param out null where what is written twice stays so, to be reported later
   */
  private Symbolic(Diagnostics out, Symbols symbols) {
    this.out = out;
    this.symbols = symbols;
  }

  /** The axes, {@code set} and {@code select.over} of all sweeps by path. */
  public static Node.Mapping in(Diagnostics out, Node.Mapping tree) {
    if (!(tree.get("sweeps") instanceof Node.Mapping sweeps) || !FileSymbols.knowTask(tree)) {
      return tree;
    }
    return new Symbolic(out, FileSymbols.of(tree)).sweeps(tree, sweeps);
  }

  /**
   * {@code over} on top of {@code base}, where a symbol of one and the path of the other are the
   * same axis or setting of a sweep.
   */
  public static Node.Mapping merge(Node.Mapping base, Node.Mapping over) {
    Node.Mapping merged = Merge.files(base, over);
    if (base.get("sweeps") instanceof Node.Mapping below
        && over.get("sweeps") instanceof Node.Mapping above
        && FileSymbols.knowTask(merged)) {
      Symbolic symbolic = new Symbolic(null, FileSymbols.of(merged));
      return Merge.files(symbolic.sweeps(base, below), symbolic.sweeps(over, above));
    }
    return merged;
  }

  private Node.Mapping sweeps(Node.Mapping tree, Node.Mapping sweeps) {
    Map<String, Node.Entry> renamed = new LinkedHashMap<>();
    sweeps
        .entries()
        .forEach(
            (name, sweep) -> renamed.put(name, new Node.Entry(sweep.key(), sweep(sweep.value()))));
    return tree.with(
        "sweeps",
        new Node.Entry(
            tree.entries().get("sweeps").key(), new Node.Mapping(renamed, sweeps.place())));
  }

  /**
   * The path of a {@code --set} whose key is a symbol: {@code d}, {@code sweeps.s.grid.d}; any
   * other as it is.
   */
  public static String path(Node.Mapping tree, String path) {
    if (!FileSymbols.knowTask(tree)) {
      return path;
    }
    Symbols symbols = FileSymbols.of(tree);
    String[] parts = path.split("\\.", 4);
    boolean inSweep =
        parts.length == 4
            && parts[0].equals("sweeps")
            && (parts[2].equals("grid") || parts[2].equals("set"));
    return inSweep
        ? String.join(".", parts[0], parts[1], parts[2], path(symbols, parts[3]))
        : path(symbols, path);
  }

  private static String path(Symbols symbols, String name) {
    boolean section = Shape.of(ExperimentFile.class).fields().containsKey(name);
    return section ? name : symbols.path(name).orElse(name);
  }

  private Node sweep(Node sweep) {
    if (!(sweep instanceof Node.Mapping mapping)) {
      return sweep;
    }
    Map<String, Node.Entry> parts = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach((key, entry) -> parts.put(key, new Node.Entry(entry.key(), part(key, entry))));
    return new Node.Mapping(parts, mapping.place());
  }

  private Node part(String key, Node.Entry entry) {
    return switch (key) {
      case "grid", "set" -> keys(entry.value());
      case "zip" ->
          entry.value() instanceof Node.Sequence groups
              ? new Node.Sequence(groups.items().stream().map(this::keys).toList(), groups.place())
              : keys(entry.value());
      case "select" -> select(entry.value());
      default -> entry.value();
    };
  }

  private Node keys(Node node) {
    if (!(node instanceof Node.Mapping mapping)) {
      return node;
    }
    Map<String, Node.Entry> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, Node.Entry> e : mapping.entries().entrySet()) {
      String path = path(symbols, e.getKey());
      Node.Entry before = renamed.putIfAbsent(path, e.getValue());
      if (before != null && out == null) {
        renamed.put(e.getKey(), e.getValue());
      } else if (before != null) {
        out.report(
            e.getValue().key(),
            Code.E124,
            path + " is written twice here, as a symbol and as a path",
            "first at " + before.key().line() + ":" + before.key().column());
      }
    }
    return new Node.Mapping(renamed, mapping.place());
  }

  private Node select(Node select) {
    boolean symbol =
        select instanceof Node.Mapping m
            && m.get("over") instanceof Node.Scalar s
            && !path(symbols, s.text()).equals(s.text());
    if (!symbol) {
      return select;
    }
    Node.Mapping mapping = (Node.Mapping) select;
    Node.Scalar over = (Node.Scalar) mapping.get("over");
    return mapping.with(
        "over",
        new Node.Entry(
            mapping.entries().get("over").key(),
            new Node.Scalar(path(symbols, over.text()), over.quoted(), over.place())));
  }
}
