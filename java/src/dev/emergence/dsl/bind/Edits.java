package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Putting single values into a tree by path: {@code --set}, a sweep's {@code set}, axes. */
public final class Edits {
  private Edits() {}

  /**
   * {@code tree} with {@code entry} at {@code path}. A mapping is merged; a single value or list
   * replaces what is there, so that one number of an inherited threshold can be changed; {@code
   * null} takes away what is there, and nothing beside it; another {@code kind} drops the keys of
   * the old one.
   */
  public static Node.Mapping put(Node.Mapping tree, String path, Node.Entry entry) {
    String[] parts = path.split("\\.", 4);
    boolean dotted =
        parts.length == 4
            && parts[0].equals("sweeps")
            && (parts[2].equals("grid") || parts[2].equals("set"));
    if (dotted) {
      return Merge.files(tree, nestDotted(parts, entry));
    }
    if (isInVariantOfPaths(tree, path) && entry.value() instanceof Node.Scalar s && !s.isNull()) {
      return last(tree, path, entry);
    }
    if (Merge.takesAway(entry) && Trees.entry(tree, path) != null) {
      return Trees.without(tree, path); // A merge would replace what holds it where that is atomic.
    }
    boolean merged = path.endsWith(".kind") || entry.value() instanceof Node.Mapping;
    return merged || entry.value() instanceof Node.Scalar s && s.isNull()
        ? Merge.files(tree, nest(path, entry))
        : Trees.with(tree, path, entry);
  }

  /**
   * A part of {@code file} that a sweep lays over it, with values above its own that were put into
   * the whole file before. Where {@code null} has taken something away there, nothing is left to
   * take away.
   */
  public static Node.Mapping above(
      Node.Mapping file, Node.Mapping part, Map<String, Node.Entry> values) {
    if (values.isEmpty()) {
      return part;
    }
    Node.Mapping own = putAll(Node.Mapping.empty(part.place()), part);
    Node.Mapping over = new Node.Mapping(values, part.place());
    Map<String, Node.Entry> merged =
        new LinkedHashMap<>(DottedParts.merge(file, part, over).entries());
    values.forEach(
        (path, entry) -> {
          if (Merge.takesAway(entry) && Trees.entry(own, path) == null) {
            merged.remove(path);
          }
        });
    return new Node.Mapping(merged, part.place());
  }

  /** Whether a path leads into a variant that has dotted paths for keys. */
  private static boolean isInVariantOfPaths(Node.Mapping tree, String path) {
    String[] parts = path.split("\\.", 5);
    return parts.length == 5
        && parts[0].equals("sweeps")
        && parts[2].equals("variants")
        && Trees.find(tree, variant(path)) instanceof Node.Mapping keys
        && keys.entries().keySet().stream().anyMatch(key -> key.contains("."));
  }

  private static String variant(String path) {
    return String.join(".", List.of(path.split("\\.", 5)).subList(0, 4));
  }

  /**
   * The value at its path, so that it is one number also where the mapping around it is a whole.
   */
  private static Node.Mapping last(Node.Mapping tree, String path, Node.Entry entry) {
    String variant = variant(path);
    Node.Entry whole = Trees.entry(tree, variant);
    Node.Mapping over = single(path.substring(variant.length() + 1), entry);
    Node.Mapping after = DottedParts.merge(tree, (Node.Mapping) whole.value(), over);
    return Trees.with(tree, variant, new Node.Entry(whole.key(), after));
  }

  private static Node.Mapping nest(String path, Node.Entry entry) {
    String[] keys = path.split("\\.");
    Node.Entry inner = entry;
    for (int i = keys.length - 1; i > 0; i--) {
      inner = new Node.Entry(entry.key(), single(keys[i], inner));
    }
    return single(keys[0], inner);
  }

  private static Node.Mapping nestDotted(String[] parts, Node.Entry entry) {
    Node.Entry inner = entry;
    for (int i = 3; i > 0; i--) {
      inner = new Node.Entry(entry.key(), single(parts[i], inner));
    }
    return single(parts[0], inner);
  }

  private static Node.Mapping single(String key, Node.Entry entry) {
    Map<String, Node.Entry> one = new LinkedHashMap<>();
    one.put(key, entry);
    return new Node.Mapping(one, entry.key());
  }

  /** {@code tree} with every key of {@code part}, dotted or nested, laid over it. */
  public static Node.Mapping putAll(Node.Mapping tree, Node.Mapping part) {
    return putAll(tree, part.entries());
  }

  /** {@code tree} with values by path. The order of their kinds and other keys does not matter. */
  public static Node.Mapping putAll(Node.Mapping tree, Map<String, Node.Entry> values) {
    Node.Mapping edited = putKinds(tree, values);
    for (Map.Entry<String, Node.Entry> e : values.entrySet()) {
      edited = put(edited, e.getKey(), e.getValue());
    }
    return edited;
  }

  /**
   * {@code tree} with the kinds alone that values choose. They come before all others: a kind that
   * came later would drop what was put under the old one.
   */
  public static Node.Mapping putKinds(Node.Mapping tree, Map<String, Node.Entry> values) {
    Node.Mapping edited = tree;
    for (Map.Entry<String, Node.Entry> kind : DottedParts.kinds(values).entrySet()) {
      edited = put(edited, kind.getKey(), kind.getValue());
    }
    return edited;
  }
}
