package dev.emergence.spec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A named set of conditions, expanded: grid, zip, variants, set, when and exclude have been
 * applied.
 *
 * @param name the sweep's name
 * @param axes dotted path to the values it takes, in file order
 * @param conditions product order is file order, the last axis fastest
 * @param select which condition of a group is kept for fits and plots
 * @param seeds of this sweep; empty where it has those of the file
 * @param zipped axes that go with the one of {@code select} in a zip
 */
public record SweepSpec(
    String name,
    Map<String, List<Object>> axes,
    List<Condition> conditions,
    Optional<Select> select,
    @Key(doc = "Seeds of this sweep instead of the file's.", value = Key.ABSENT, since = 2)
        Optional<SeedsSpec> seeds,
    @Key(doc = "Axes that go with the one of select in a zip.", value = "[]", since = 2)
        List<String> zipped) {

  /** The axes along which {@code select} chooses; empty without it. */
  public Set<String> chosen() {
    Set<String> chosen = new LinkedHashSet<>(zipped);
    select.map(Select::over).ifPresent(chosen::add);
    return chosen;
  }

  /** Keeps, for each setting of the other axes, the value of one axis that does best. */
  public record Select(
      @Key(
              doc =
                  "Path of the axis along which the best value is chosen; axes of the same zip go"
                      + " with it.")
          String over,
      @Key(doc = "How the best value is chosen.") By by) {}

  /** What the choice is made by. */
  public record By(
      @Key(doc = "Column whose mean over seeds is compared: plateau.steps.") String mean,
      @Key(doc = "Whether a small or a large mean is better.", value = "minimize") Goal goal) {}

  /** Direction of a choice. */
  public enum Goal {
    MINIMIZE,
    MAXIMIZE
  }
}
