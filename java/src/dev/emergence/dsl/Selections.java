package dev.emergence.dsl;

import dev.emergence.spec.SweepSpec;
import java.util.List;

/** A sweep's {@code select}. */
final class Selections {
  private Selections() {}

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
