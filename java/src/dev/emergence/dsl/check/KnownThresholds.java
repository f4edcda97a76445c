package dev.emergence.dsl.check;

import dev.emergence.dsl.bind.Suggestions;
import java.util.List;
import java.util.Set;

/** What to say beside the name of a threshold that is not there. */
final class KnownThresholds {
  private KnownThresholds() {}

  /**
   * @param name as it is written; of a family also with {@code .*}
   * @param known the names there are
   */
  static String hint(String name, Set<String> known) {
    String family = name.replaceFirst("\\.\\*$", "");
    if (known.isEmpty()) {
      return "there are no thresholds";
    }
    List<String> members = known.stream().filter(k -> k.startsWith(family + ".")).toList();
    return known.contains(family + ".all")
        ? "'"
            + family
            + "' is a family: write "
            + String.join(", ", members.subList(0, 2))
            + " or one column, as "
            + members.get(members.size() - 1)
            + "; to look at all columns side by side, give a threshold a member and sweep over it"
        : Suggestions.meantOrKnown(name, known);
  }
}
