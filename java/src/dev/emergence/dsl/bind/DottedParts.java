package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Parts of a file in which the same key can be written as a dotted path or nested: what a sweep
 * sets, and its variants. Here they are maps from paths to values, in which there is one way to
 * write a key.
 */
public final class DottedParts {
  private static final String KIND = ".kind";
  private static final Pattern IN_SWEEP =
      Pattern.compile("^sweeps\\.[^.]+\\.(set|variants\\.[^.]+)\\.");
  private static final Node.Mapping NOTHING = Node.Mapping.empty(null);

  private DottedParts() {}

  /**
   * {@code over} on top of {@code base}, by the rules of {@link Merge}.
   *
   * @param file what both will be laid over: it says which kinds they mean
   */
  static Node.Mapping merge(Node.Mapping file, Node.Mapping base, Node.Mapping over) {
    Map<String, Node.Entry> merged = flat(base);
    Map<String, Node.Entry> above = flat(over);
    kinds(above)
        .forEach(
            (path, kind) -> {
              String before = kind(file, merged, path);
              if (!before.isEmpty() && !before.equals(((Node.Scalar) kind.value()).text())) {
                remove(merged, path.substring(0, path.length() - KIND.length()));
              }
            });
    above.forEach(
        (path, entry) -> {
          boolean changes = !isEmpty(path, entry.value());
          boolean there = changes ? remove(merged, path) : has(merged, path);
          if (!there || changes && !Merge.takesAway(entry)) {
            merged.put(path, entry);
          }
        });
    return new Node.Mapping(merged, over.place());
  }

  private static String kind(Node.Mapping file, Map<String, Node.Entry> part, String path) {
    Node written = part.containsKey(path) ? part.get(path).value() : Trees.find(file, path);
    String owner = path.substring(0, path.length() - KIND.length());
    return written instanceof Node.Scalar s ? s.text() : union(owner).defaultKind();
  }

  /** Whether this is a mapping without keys, which changes nothing of what is there. */
  private static boolean isEmpty(String path, Node value) {
    return value instanceof Node.Mapping mapping && mapping.entries().isEmpty() && !isInWhole(path);
  }

  private static boolean has(Map<String, Node.Entry> part, String path) {
    return part.keySet().stream().anyMatch(key -> isIn(key, path));
  }

  private static boolean isIn(String key, String path) {
    return key.equals(path) || key.startsWith(path + ".");
  }

  /** Takes away what is at and below a path; whether there was anything. */
  private static boolean remove(Map<String, Node.Entry> part, String path) {
    return part.keySet().removeIf(key -> isIn(key, path));
  }

  /** The kinds that values by path choose, wherever they are nested. */
  static Map<String, Node.Entry> kinds(Map<String, Node.Entry> values) {
    Map<String, Node.Entry> kinds = new LinkedHashMap<>();
    values.forEach(
        (path, entry) ->
            Trees.leaves(entry, path)
                .forEach(
                    (leaf, kind) -> {
                      if (isKind(leaf) && kind.value() instanceof Node.Scalar s && !s.isNull()) {
                        kinds.put(leaf, kind);
                      }
                    }));
    return kinds;
  }

  private static boolean isKind(String path) {
    String inPart = IN_SWEEP.matcher(path).replaceFirst("");
    return inPart.endsWith(KIND)
        && union(inPart.substring(0, inPart.length() - KIND.length())) != null;
  }

  private static Shape.Union union(String path) {
    return Lookup.shape(NOTHING, path).orElse(null) instanceof Shape.Union union ? union : null;
  }

  private static Map<String, Node.Entry> flat(Node.Mapping part) {
    Map<String, Node.Entry> values = new LinkedHashMap<>();
    part.entries().forEach((path, entry) -> collect(path, entry, values));
    return values;
  }

  /** Reports values that a part says twice, by a path and nested: which one counts is not said. */
  public static void once(Diagnostics out, Node.Mapping part) {
    Map<String, Node.Entry> before = new LinkedHashMap<>();
    part.entries()
        .forEach(
            (key, entry) -> {
              Map<String, Node.Entry> values = new LinkedHashMap<>();
              collect(key, entry, values);
              values.forEach(
                  (path, value) -> {
                    Node.Entry first = before.putIfAbsent(path, value);
                    if (first != null && !isEmpty(path, value.value())) {
                      report(out, path, first.key(), value.key());
                    }
                  });
            });
  }

  private static void report(Diagnostics out, String path, Place first, Place second) {
    out.report(
        second,
        Code.E124,
        path + " is written twice here, nested and as a path",
        "first at " + first.line() + ":" + first.column());
  }

  private static void collect(String path, Node.Entry entry, Map<String, Node.Entry> into) {
    if (entry.value() instanceof Node.Mapping mapping
        && !mapping.entries().isEmpty()
        && !isInWhole(path)) {
      mapping.entries().forEach((key, inner) -> collect(path + "." + key, inner, into));
    } else {
      into.put(path, entry);
    }
  }

  /** Whether a path leads to a value that is replaced as a whole, or into one. */
  private static boolean isInWhole(String path) {
    List<String> keys = List.of(path.split("\\.", -1));
    for (int i = 1; i < keys.size(); i++) {
      Shape above = Lookup.shape(NOTHING, String.join(".", keys.subList(0, i))).orElse(null);
      if (above != null && Merge.isAtomic(above, NOTHING, keys.get(i))) {
        return true;
      }
    }
    return false;
  }
}
