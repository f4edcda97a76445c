package dev.emergence.dsl;

import dev.emergence.spec.expr.Symbols;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The paths of a file's configuration, for suggestions. */
final class KnownPaths {
  private KnownPaths() {}

  /** Every path of a single value, those of the file's own test sets and thresholds included. */
  static Set<String> of(Node.Mapping tree) {
    String kind = Lookup.scalar(tree, "task.kind").map(Node.Scalar::text).orElse("");
    Set<String> paths = new TreeSet<>(Symbols.of(kind, Map.of()).paths());
    for (String map : Set.of("measurement.test_sets", "measurement.thresholds")) {
      if (Trees.find(tree, map) instanceof Node.Mapping named) {
        named
            .entries()
            .forEach(
                (name, entry) -> {
                  Shape inner = Lookup.shape(tree, map + "." + name).orElseThrow();
                  ((Shape.Rec) inner)
                      .fields()
                      .keySet()
                      .forEach(key -> paths.add(map + "." + name + "." + key));
                });
      }
    }
    return paths;
  }

  /** A hint when a known path ends with the last word of {@code path}. */
  static String endingLike(String path, Set<String> paths) {
    String last = path.substring(path.lastIndexOf('.') + 1);
    Set<String> ends = new TreeSet<>();
    paths.forEach(p -> ends.add(p.substring(p.lastIndexOf('.') + 1)));
    return Suggestions.nearest(last, ends)
        .flatMap(word -> paths.stream().filter(p -> p.endsWith("." + word)).findFirst())
        .map(p -> "did you mean '" + p + "'?")
        .orElse("paths begin with " + String.join(", ", Configs.SECTIONS));
  }
}
