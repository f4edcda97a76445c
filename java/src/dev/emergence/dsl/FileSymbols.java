package dev.emergence.dsl;

import dev.emergence.spec.expr.Symbols;
import java.util.LinkedHashMap;
import java.util.Map;

/** The symbols of a file: those of its task, and its own. */
final class FileSymbols {
  private FileSymbols() {}

  static Symbols of(Node.Mapping tree) {
    String kind = Lookup.scalar(tree, "task.kind").map(Node.Scalar::text).orElse("");
    Map<String, String> extra = new LinkedHashMap<>();
    if (tree.get("symbols") instanceof Node.Mapping own) {
      own.entries().forEach((name, entry) -> {
        if (entry.value() instanceof Node.Scalar s) {
          extra.put(name, s.text());
        }
      });
    }
    return Symbols.of(kind, extra);
  }
}
