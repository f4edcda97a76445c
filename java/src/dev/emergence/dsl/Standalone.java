package dev.emergence.dsl;

import dev.emergence.dsl.bind.Edits;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.yaml.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One file that gives by itself what a file gives together with those that it extends, a profile
 * and the command line's values.
 */
final class Standalone {
  private static final List<String> DONE = List.of("extends", "profiles", "abstract");
  private static final int LONGEST_NAME = 64;

  private Standalone() {}

  /**
   * The file's tree.
   *
   * @param tree everything merged, with the values put in
   * @param sets the command line's values by path, which win over what sweeps say
   * @param options the profile that was chosen
   */
  static Node.Mapping tree(Node.Mapping tree, Map<String, Node.Entry> sets, ReadOptions options) {
    Map<String, Node.Entry> out = new LinkedHashMap<>();
    // In the order in which people read, whichever file a key came from.
    for (String key : Shape.of(ExperimentFile.class).fields().keySet()) {
      Node.Entry entry = tree.entries().get(key);
      if (entry != null && !DONE.contains(key)) {
        out.put(key, entry);
      }
    }
    if (tree.get("name") instanceof Node.Scalar name && options.profile().isPresent()) {
      String longer =
          name.text()
              + "-"
              + options.profile().get().replace('_', '-').toLowerCase(java.util.Locale.ROOT);
      String cut = longer.substring(0, Math.min(longer.length(), LONGEST_NAME));
      out.put("name", new Node.Entry(name.place(), new Node.Scalar(cut, false, name.place())));
    }
    if (out.get("sweeps") != null && out.get("sweeps").value() instanceof Node.Mapping sweeps) {
      Map<String, Node.Entry> inSections = new LinkedHashMap<>(sets);
      inSections.keySet().removeIf(path -> !ExperimentFile.isOfConfiguration(path));
      Node.Mapping over = sweeps;
      for (Map.Entry<String, Node.Entry> sweep : sweeps.entries().entrySet()) {
        if (sweep.getValue().value() instanceof Node.Mapping written) {
          over =
              over.with(
                  sweep.getKey(),
                  new Node.Entry(sweep.getValue().key(), over(tree, written, inSections)));
        }
      }
      out.put("sweeps", new Node.Entry(out.get("sweeps").key(), over));
    }
    return new Node.Mapping(out, tree.place());
  }

  /** A sweep in which the command line's values win over its own and its variants'. */
  private static Node.Mapping over(
      Node.Mapping file, Node.Mapping sweep, Map<String, Node.Entry> sets) {
    Node.Mapping out = sweep;
    if (out.get("set") instanceof Node.Mapping own) {
      out = out.with("set", new Node.Entry(own.place(), Edits.above(file, own, sets)));
    }
    if (out.get("variants") instanceof Node.Mapping variants) {
      out = out.with("variants", new Node.Entry(variants.place(), each(file, variants, sets)));
    }
    return out;
  }

  private static Node.Mapping each(
      Node.Mapping file, Node.Mapping variants, Map<String, Node.Entry> sets) {
    Node.Mapping out = variants;
    for (Map.Entry<String, Node.Entry> variant : variants.entries().entrySet()) {
      if (variant.getValue().value() instanceof Node.Mapping part) {
        Node.Entry above = new Node.Entry(variant.getValue().key(), Edits.above(file, part, sets));
        out = out.with(variant.getKey(), above);
      }
    }
    return out;
  }
}
