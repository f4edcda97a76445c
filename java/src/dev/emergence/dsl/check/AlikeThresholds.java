package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Warnings of thresholds, one for all members of a family of which the same is to be said. */
final class AlikeThresholds {
  /** Members that are named. */
  private static final int NAMED = 3;

  private final Diagnostics out;
  private final Node.Mapping tree;
  private final Code code;
  private final Map<Said, List<String>> names = new LinkedHashMap<>();

  /** What is said of the thresholds that one key of the file states. */
  private record Said(String key, String message, String hint) {}

  AlikeThresholds(Diagnostics out, Node.Mapping tree, Code code) {
    this.out = out;
    this.tree = tree;
    this.code = code;
  }

  /**
   * Notes a warning.
   *
   * @param name of a threshold, or FAMILY.MEMBER
   * @param message what follows the name
   */
  void add(String name, String message, String hint) {
    String key = name.replaceFirst("\\..*", "");
    names.computeIfAbsent(new Said(key, message, hint), said -> new ArrayList<>()).add(name);
  }

  /** Gives the warnings. */
  void report() {
    names.forEach(
        (said, of) ->
            out.report(
                Trees.nearest(tree, "measurement.thresholds." + of.get(0), tree.place()),
                code,
                "threshold " + label(said.key(), of) + " " + said.message(),
                said.hint()));
  }

  private static String label(String key, List<String> names) {
    if (names.size() == 1) {
      return names.get(0);
    }
    int more = names.size() - NAMED;
    String named = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return key + " (" + named + (more > 0 ? " and " + more + " more" : "") + ")";
  }
}
