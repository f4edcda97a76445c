package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import java.util.LinkedHashMap;
import java.util.Map;

/** Putting single values into a tree by path: {@code --set}, a sweep's {@code set}, axes. */
public final class Edits {
  private Edits() {}

  /**
   * {@code tree} with {@code entry} at {@code path}. A mapping is merged; a single value or list
   * replaces what is there, so that one number of an inherited threshold can be changed; another
   * {@code kind} drops the keys of the old one.
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
    boolean merged = path.endsWith(".kind") || entry.value() instanceof Node.Mapping;
    return merged || entry.value() instanceof Node.Scalar s && s.isNull()
        ? Merge.files(tree, nest(path, entry))
        : Trees.with(tree, path, entry);
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
    Node.Mapping edited = tree;
    for (Map.Entry<String, Node.Entry> e : part.entries().entrySet()) {
      edited = put(edited, e.getKey(), e.getValue());
    }
    return edited;
  }
}
