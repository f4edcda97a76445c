package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Keys;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The paths of a file's configuration, for suggestions. */
public final class KnownPaths {
  private KnownPaths() {}

  /** Every path of a single value, those of the file's own test sets and thresholds included. */
  public static Set<String> of(Node.Mapping tree) {
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

  /** A hint when {@code key} is the name of a value further down in {@code section}. */
  static String deeper(String section, String key) {
    String word = Suggestions.foreign(key).orElse(key);
    return Keys.kinds(TaskSpec.class).keySet().stream()
        .flatMap(task -> Symbols.of(task, Map.of()).paths().stream())
        .filter(path -> path.startsWith(section + ".") && path.endsWith("." + word))
        .filter(path -> !path.equals(section + "." + word))
        .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
        .map(path -> "did you mean '" + path + "'?")
        .orElse("");
  }

  /** A hint when a known path ends with the last word of {@code path}. */
  public static String endingLike(String path, Set<String> paths) {
    String last = path.substring(path.lastIndexOf('.') + 1);
    Set<String> ends = new TreeSet<>();
    paths.forEach(p -> ends.add(p.substring(p.lastIndexOf('.') + 1)));
    return Suggestions.nearest(last, ends)
        .flatMap(word -> paths.stream().filter(p -> p.endsWith("." + word)).findFirst())
        .map(p -> "did you mean '" + p + "'?")
        .orElse("paths begin with " + String.join(", ", ExperimentFile.SECTIONS));
  }
}
