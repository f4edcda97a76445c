package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Trees;

/**
 * Where in a file stands what a message is about. For what is not there, it is the nearest place
 * above.
 *
 * @param tree the file
 */
record Places(Node.Mapping tree) {

  /** The place of the value at {@code path}. */
  Place value(String path) {
    return Trees.nearest(tree, path, tree.place());
  }

  /** The place of the key at {@code path}. */
  Place key(String path) {
    Node.Entry entry = Trees.entry(tree, path);
    return entry == null ? value(path) : entry.key();
  }

  /** The single value at {@code path}; never null for values that were bound from the file. */
  Node.Scalar scalar(String path) {
    return Trees.find(tree, path) instanceof Node.Scalar s
        ? s
        : new Node.Scalar("", true, value(path));
  }

  /** The place of one item of a list, or of the single value in its stead. */
  Place item(String path, String text) {
    if (Trees.find(tree, path) instanceof Node.Sequence list) {
      for (Node node : list.items()) {
        if (node instanceof Node.Scalar s && s.text().equals(text)) {
          return s.place();
        }
      }
    }
    return value(path);
  }

  /** The place of a key of the mapping at {@code path}. The key may contain dots itself. */
  Place keyIn(String path, String key) {
    return Trees.find(tree, path) instanceof Node.Mapping m && m.entries().containsKey(key)
        ? m.entries().get(key).key()
        : value(path);
  }
}
