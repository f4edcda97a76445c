package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.bind.SweepFile;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.SweepSpec;
import java.util.List;
import java.util.Set;

/** A sweep's {@code select}. */
final class Selections {
  private Selections() {}

  /** Axes that go in a zip with the one along which is chosen: they are chosen with it. */
  static List<String> zipped(Node.Mapping tree, String name, SweepFile sweep) {
    String over = sweep.select().map(SweepSpec.Select::over).orElse("");
    Node zip = Trees.find(tree, "sweeps." + name + ".zip");
    List<Node> one = zip == null ? List.of() : List.of(zip);
    List<Node> groups = zip instanceof Node.Sequence several ? several.items() : one;
    return groups.stream()
        .map(group -> ((Node.Mapping) group).entries().keySet())
        .filter(columns -> columns.contains(over))
        .flatMap(Set::stream)
        .filter(path -> !path.equals(over))
        .toList();
  }

  /** Whether {@code select}, if any, chooses along an axis of the sweep. */
  static boolean check(
      Diagnostics out, Node.Mapping tree, String name, SweepFile sweep, List<String> axes) {
    String over = sweep.select().map(SweepSpec.Select::over).orElse("");
    if (over.isEmpty() || axes.contains(over)) {
      return true;
    }
    Place place = Trees.nearest(tree, "sweeps." + name + ".select.over", tree.place());
    out.report(
        place,
        Code.E126,
        "sweep " + name + " has no axis '" + Texts.shorten(over) + "' to select over",
        Suggestions.meantOrKnown(over, axes));
    return false;
  }
}
