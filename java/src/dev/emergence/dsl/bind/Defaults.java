package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Source;
import dev.emergence.dsl.yaml.YamlTree;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The defaults written in the records' annotations, as nodes. */
public final class Defaults {
  private static final Map<String, Node> PARSED = new ConcurrentHashMap<>();

  /** Where defaults stand. */
  static final Place PLACE =
      Place.whole(Source.of("default", Integer.MAX_VALUE, Layer.DEFAULT, ""));

  private Defaults() {}

  /** The node of a default in YAML notation. */
  public static Node parse(String yaml) {
    return PARSED.computeIfAbsent(yaml, Defaults::read);
  }

  private static Node read(String yaml) {
    Diagnostics problems = new Diagnostics();
    Source source = Source.of("default", Integer.MAX_VALUE, Layer.DEFAULT, yaml);
    if (yaml.isEmpty()) {
      return new Node.Scalar("", true, Place.whole(source));
    }
    Node node = YamlTree.parse(source, problems).root().orElseThrow();
    if (problems.errors() > 0) {
      throw new IllegalStateException("broken default: " + yaml);
    }
    return node;
  }
}
