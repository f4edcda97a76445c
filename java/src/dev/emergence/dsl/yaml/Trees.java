package dev.emergence.dsl.yaml;

import java.util.LinkedHashMap;
import java.util.Map;

/** Walking and changing trees by dotted path. */
public final class Trees {
  private Trees() {}

  /** The node at a dotted path, in which items of lists have numbers from 0; or null. */
  public static Node find(Node root, String path) {
    Node.Entry entry = entry(root, path);
    return entry == null ? null : entry.value();
  }

  /** The entry at a dotted path, or null. */
  public static Node.Entry entry(Node root, String path) {
    Node.Entry found = null;
    Node at = root;
    for (String key : path.split("\\.", -1)) {
      found = at instanceof Node.Sequence list ? item(list, key) : of(at, key);
      if (found == null) {
        return null;
      }
      at = found.value();
    }
    return found;
  }

  private static Node.Entry of(Node at, String key) {
    return at instanceof Node.Mapping m ? m.entries().get(key) : null;
  }

  private static Node.Entry item(Node.Sequence list, String key) {
    int number = key.matches("[0-9]{1,6}") ? Integer.parseInt(key) : list.items().size();
    if (number >= list.items().size()) {
      return null;
    }
    Node item = list.items().get(number);
    return new Node.Entry(item.place(), item);
  }

  /**
   * The place of the entry at {@code path}, or of the nearest mapping around it that was written,
   * or {@code otherwise}.
   */
  public static Place nearest(Node root, String path, Place otherwise) {
    Node.Entry exact = entry(root, path);
    if (exact != null) {
      return exact.value() instanceof Node.Scalar ? exact.value().place() : exact.key();
    }
    int dot = path.lastIndexOf('.');
    return dot < 0 ? otherwise : nearest(root, path.substring(0, dot), otherwise);
  }

  /**
   * {@code root} with the node at {@code path} put in or replaced; mappings on the way are made
   * where they are missing. What was refused already stays as it is.
   */
  public static Node.Mapping with(Node.Mapping root, String path, Node.Entry entry) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      return root.with(path, entry);
    }
    String key = path.substring(0, dot);
    Node.Entry inner = root.entries().get(key);
    if (inner != null && inner.value() instanceof Node.Broken) {
      return root;
    }
    Node.Mapping below =
        inner != null && inner.value() instanceof Node.Mapping m
            ? m
            : Node.Mapping.empty(entry.key());
    Place at = inner == null ? entry.key() : inner.key();
    return root.with(key, new Node.Entry(at, with(below, path.substring(dot + 1), entry)));
  }

  /** {@code root} without the entry at {@code path}; as it is where there is none. */
  public static Node.Mapping without(Node.Mapping root, String path) {
    int dot = path.indexOf('.');
    String key = dot < 0 ? path : path.substring(0, dot);
    Node.Entry inner = root.entries().get(key);
    if (inner != null && dot < 0) {
      Map<String, Node.Entry> left = new LinkedHashMap<>(root.entries());
      left.remove(key);
      return new Node.Mapping(left, root.place());
    }
    return inner != null && inner.value() instanceof Node.Mapping below
        ? root.with(key, new Node.Entry(inner.key(), without(below, path.substring(dot + 1))))
        : root;
  }

  /** Every single value below {@code node}, by dotted path. */
  public static Map<String, Node.Entry> leaves(Node.Entry node, String path) {
    Map<String, Node.Entry> leaves = new LinkedHashMap<>();
    collect(node, path, leaves);
    return leaves;
  }

  private static void collect(Node.Entry entry, String path, Map<String, Node.Entry> into) {
    if (entry.value() instanceof Node.Mapping m) {
      m.entries().forEach((key, e) -> collect(e, path.isEmpty() ? key : path + "." + key, into));
    } else {
      into.put(path, entry);
    }
  }
}
