package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.KnownPaths;
import dev.emergence.dsl.bind.Lookup;
import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.spec.Keys;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The symbols of a file: those of its task, and its own. */
public final class FileSymbols {
  private FileSymbols() {}

  public static Symbols of(Node.Mapping tree) {
    String kind = Lookup.scalar(tree, "task.kind").map(Node.Scalar::text).orElse("");
    Map<String, String> extra = new LinkedHashMap<>();
    if (tree.get("symbols") instanceof Node.Mapping own) {
      own.entries()
          .forEach(
              (name, entry) -> {
                if (entry.value() instanceof Node.Scalar s) {
                  extra.put(name, s.text());
                }
              });
    }
    return Symbols.of(kind, extra);
  }

  /** Whether the file's task is known; without it there are no symbols to speak of. */
  static boolean knowTask(Node.Mapping tree) {
    return Lookup.scalar(tree, "task.kind")
        .map(s -> Keys.kinds(TaskSpec.class).containsKey(s.text()))
        .orElse(false);
  }

  /** The likeliest symbol or path for an unknown name, or a short list of those there are. */
  public static String hint(Node.Mapping tree, String name, boolean seedToo) {
    Collection<String> paths = name.contains(".") ? KnownPaths.of(tree) : List.of();
    if (paths.contains(name)) {
      return "it can be set, but formulas and plots cannot name it"
          + (seedToo ? "; give the conditions names by variants, and write variant" : "");
    }
    String path = paths.isEmpty() ? "" : Suggestions.meant(name, paths);
    return path.isEmpty() ? hint(of(tree), name, seedToo) : path;
  }

  private static String hint(Symbols symbols, String name, boolean seedToo) {
    List<String> special = seedToo ? List.of(Symbols.SEED, Symbols.VARIANT) : List.of();
    List<String> all = new ArrayList<>(symbols.all().keySet());
    all.addAll(special);
    List<String> listed = new ArrayList<>(symbols.official());
    listed.addAll(special);
    String meant = Suggestions.meant(name, all);
    return (meant.isEmpty() ? "" : meant + "   ")
        + "known: "
        + String.join(" ", listed)
        + ", and paths";
  }

  /** Whether {@code name} is a paper's symbol in experiments on any task. */
  public static boolean isSymbolOfSomeTask(String name) {
    return Keys.kinds(TaskSpec.class).keySet().stream()
        .anyMatch(kind -> Symbols.of(kind, Map.of()).official().contains(name));
  }
}
