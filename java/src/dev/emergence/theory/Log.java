package dev.emergence.theory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows and crossings of a run while it goes on. */
final class Log {
  private final List<Watch> watches;
  private final TreeMap<Double, double[]> rows = new TreeMap<>();
  private final Map<String, Double> crossings = new HashMap<>();

  Log(List<Watch> watches) {
    this.watches = watches;
  }

  void row(double time, double[] values) {
    rows.put(time, values);
  }

  boolean crossed(Watch watch) {
    return crossings.containsKey(watch.name());
  }

  /** Times of the crossings so far, by the watch's name. */
  Map<String, Double> crossings() {
    return crossings;
  }

  void cross(Watch watch, double time) {
    crossings.putIfAbsent(watch.name(), time);
  }

  /** The watches whose level was not crossed yet. */
  List<Watch> open() {
    List<Watch> open = new ArrayList<>();
    for (Watch watch : watches) {
      if (!crossed(watch)) {
        open.add(watch);
      }
    }
    return open;
  }

  /**
   * Marks the open watches that a state passes as crossed at this time; says whether there were
   * any.
   */
  boolean crossAll(double time, Observables observables, double[] state) {
    boolean any = false;
    for (Watch watch : open()) {
      if (observables.passes(watch, state)) {
        cross(watch, time);
        any = true;
      }
    }
    return any;
  }

  Trajectory toTrajectory(List<String> columns, String failure) {
    double[] times = rows.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    return new Trajectory(
        columns, times, rows.values().toArray(double[][]::new), crossings, failure);
  }
}
