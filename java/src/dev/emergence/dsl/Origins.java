package dev.emergence.dsl;

import dev.emergence.dsl.bind.Lookup;
import dev.emergence.dsl.sweep.Factors;
import dev.emergence.dsl.sweep.Symbolic;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers the merged tree, so that every value can say where it was set. */
final class Origins {
  private final Node.Mapping tree;
  private final Map<String, Factors> sweeps;

  Origins(Node.Mapping tree, Map<String, Factors> sweeps) {
    this.tree = tree;
    this.sweeps = new LinkedHashMap<>(sweeps);
  }

  static Origins none() {
    return new Origins(null, Map.of());
  }

  List<Explanation> explain(String asked) {
    List<Explanation> found = new ArrayList<>();
    if (tree == null) {
      return found;
    }
    String path = Symbolic.path(tree, asked);
    node(tree, path).ifPresent(node -> found.add(explanation("", node)));
    sweeps.forEach(
        (name, factors) ->
            factors.settings(path).forEach(node -> found.add(explanation(name, node))));
    return found;
  }

  private static Optional<Node> node(Node.Mapping tree, String path) {
    Node written = Trees.find(tree, path);
    return written != null ? Optional.of(written) : Lookup.scalar(tree, path).map(Node.class::cast);
  }

  private static Explanation explanation(String scope, Node node) {
    boolean byDefault = node.place().source().layer() == Layer.DEFAULT;
    return new Explanation(
        scope, show(node), byDefault ? "" : node.place().toString(), node.place().layer());
  }

  private static String show(Node node) {
    if (node instanceof Node.Scalar s) {
      return s.text();
    }
    if (node instanceof Node.Sequence list) {
      return "[" + String.join(", ", list.items().stream().map(Origins::show).toList()) + "]";
    }
    if (node instanceof Node.Mapping map) {
      return "{"
          + String.join(
              ", ",
              map.entries().entrySet().stream()
                  .map(e -> e.getKey() + ": " + show(e.getValue().value()))
                  .toList())
          + "}";
    }
    return "";
  }
}
