package dev.emergence.theory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far a run goes and what is looked out for.
 *
 * @param watches levels whose crossing times are wanted, with different names
 * @param legs a run goes until the last of them ends
 */
public record Course(List<Watch> watches, List<Leg> legs) {
  /**
   * One reason to go on.
   *
   * @param end time or step at which it ends at the latest
   * @param stops the watches after whose crossings it ends earlier; empty: it does not
   * @param extra further time as a share of the time until the last of these crossings
   */
  public record Leg(double end, List<String> stops, double extra) {
    public Leg {
      stops = List.copyOf(stops);
    }

    double end(Map<String, Double> crossings) {
      if (stops.isEmpty() || !crossings.keySet().containsAll(stops)) {
        return end;
      }
      double last = stops.stream().mapToDouble(crossings::get).max().orElseThrow();
      return Math.min(end, last * (1 + extra));
    }
  }

  public Course {
    watches = List.copyOf(watches);
    legs = List.copyOf(legs);
  }

  /** A run to a fixed end. */
  public static Course to(double end, List<Watch> watches) {
    return new Course(watches, List.of(new Leg(end, List.of(), 0)));
  }

  /** Where a run ends that has crossed these levels and crosses no other. */
  double end(Map<String, Double> crossings) {
    return legs.stream().mapToDouble(leg -> leg.end(crossings)).max().orElse(0);
  }

  /** Whether no further crossing can change the end. */
  boolean settled(Map<String, Double> crossings) {
    return legs.stream().allMatch(leg -> crossings.keySet().containsAll(leg.stops()));
  }

  /** Collects goals; levels that several goals share under one name are watched once. */
  static final class Builder {
    private final Map<String, Watch> watches = new java.util.LinkedHashMap<>();
    private final List<Leg> legs = new ArrayList<>();

    /**
     * Adds a level and returns the name it is watched by: its own, unless another level has that.
     */
    String watch(Watch wanted) {
      String name = wanted.name();
      for (int other = 2; ; other++) {
        Watch watch = new Watch(name, wanted.column(), wanted.level(), wanted.below());
        Watch before = watches.putIfAbsent(name, watch);
        if (before == null || before.equals(watch)) {
          return name;
        }
        name = wanted.name() + " (" + other + ")";
      }
    }

    void leg(Leg leg) {
      legs.add(leg);
    }

    Course build() {
      return new Course(List.copyOf(watches.values()), legs);
    }
  }
}
