package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reports keys that mean nothing where they stand, with what was probably meant. */
final class UnknownKeys {
  private final Diagnostics out;

  UnknownKeys(Diagnostics out) {
    this.out = out;
  }

  /** Those of a mapping with fixed keys. */
  void of(Shape.Rec rec, Node.Mapping mapping, String path) {
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (!rec.fields().containsKey(key)) {
                report(key, entry, path.isEmpty() ? "the file" : path, rec.fields().keySet(), "");
              }
            });
  }

  /** Those of a mapping with a kind; a key of another kind is named as such. */
  void ofKind(Shape.Union union, Shape.Rec rec, Node.Mapping mapping, String path) {
    List<String> known = new ArrayList<>(rec.fields().keySet());
    known.add("kind");
    String kind = mapping.get("kind") == null ? union.defaultKind() : mapping.text("kind");
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                List<String> owners = owners(union, key);
                String other =
                    owners.isEmpty() ? "" : "it belongs to kind: " + String.join(", ", owners);
                report(key, entry, path + " (kind: " + kind + ")", known, other);
              }
            });
  }

  private static List<String> owners(Shape.Union union, String key) {
    return union.kinds().entrySet().stream()
        .filter(e -> e.getValue().fields().containsKey(key))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A mapping that needs a kind and has none: perhaps a misspelt one. */
  void withoutKind(Shape.Union union, Node.Entry entry, String path, boolean complete) {
    for (Map.Entry<String, Node.Entry> e : ((Node.Mapping) entry.value()).entries().entrySet()) {
      if (owners(union, e.getKey()).isEmpty()
          && Suggestions.nearest(e.getKey(), List.of("kind")).isPresent()) {
        report(e.getKey(), e.getValue(), path, List.of("kind"), "");
        return;
      }
    }
    if (complete) {
      out.report(
          entry.key(),
          Code.E109,
          path + " needs a kind: " + String.join(" | ", union.kinds().keySet()));
    }
  }

  private void report(
      String key, Node.Entry entry, String where, Iterable<String> known, String better) {
    TreeSet<String> words = new TreeSet<>();
    known.forEach(words::add);
    String deeper =
        Suggestions.meant(key, words).isEmpty() ? KnownPaths.deeper(where.split(" ")[0], key) : "";
    String list = Suggestions.meantOrKnown(key, words);
    String hint = better.isEmpty() ? (deeper.isEmpty() ? "" : deeper + "   ") + list : better;
    out.meant().key(entry.key(), Suggestions.nearest(key, words));
    out.report(
        entry.key(), Code.E102, "unknown key '" + Texts.shorten(key) + "' in " + where, hint);
  }

  /**
   * Whether an unknown key was probably meant to be {@code name}: then its absence is no second
   * problem.
   */
  static boolean isMisspelt(String name, Set<String> known, Node.Mapping mapping) {
    return mapping.entries().keySet().stream()
        .anyMatch(
            key -> !known.contains(key) && Suggestions.nearest(key, List.of(name)).isPresent());
  }
}
