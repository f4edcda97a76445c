package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.spec.Condition;
import java.util.Collection;

/**
 * Whether times that stand beside each other are counted alike: in steps of an optimiser, or in the
 * time of a flow. No number of one is a number of the other.
 */
final class Clocks {
  private Clocks() {}

  /** Whether a column is the time of a threshold. */
  static boolean isTime(String column) {
    return column.endsWith(".steps") || column.endsWith(".time");
  }

  /** Whether two conditions are counted alike. */
  static boolean same(Condition a, Condition b) {
    return inTime(a) == inTime(b);
  }

  private static boolean inTime(Condition condition) {
    return condition.config().training().optimizer().inTime();
  }

  /**
   * Reports conditions of which some are counted in steps and some in time.
   *
   * @param place what they are compared by
   */
  static void check(References names, Place place, Collection<Condition> data) {
    if (data.stream().map(Clocks::inTime).distinct().count() > 1) {
      report(names, place);
    }
  }

  /** Reports that they are compared. */
  static void report(References names, Place place) {
    names
        .out()
        .report(
            place,
            Code.E140,
            "some of these runs are counted in steps and others in the time of a gradient flow",
            "say which by where");
  }
}
