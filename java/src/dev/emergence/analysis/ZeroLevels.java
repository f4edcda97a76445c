package dev.emergence.analysis;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Levels that are a multiple of a first value which is 0, such as an accuracy of few samples before
 * training: the first number that is not 0 passes them.
 */
final class ZeroLevels {
  /** A family may have a threshold for each of many rows. */
  private static final int MOST = 4;

  private ZeroLevels() {}

  /** A sentence for each threshold, the first ones of very many. */
  static List<String> notes(List<Observation> runs) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Observation run : runs) {
      run.thresholds()
          .forEach(
              (name, level) -> {
                if (isZero(level, run.curve())) {
                  counts.merge(sentence(name, level), 1, Integer::sum);
                }
              });
    }
    List<String> out = new ArrayList<>();
    counts.forEach((said, count) -> out.add(said.formatted(Numeral.count(count, "run"))));
    if (out.size() <= MOST) {
      return out;
    }
    List<String> some = new ArrayList<>(out.subList(0, MOST));
    some.add((out.size() - MOST) + " more thresholds are relative to a first value that is 0");
    return some;
  }

  private static boolean isZero(Threshold level, Curve curve) {
    return level.relativeTo() == Relative.INITIAL
        && curve.size() > 0
        && curve.has(level.metric())
        && curve.column(level.metric())[0] == 0;
  }

  private static String sentence(String name, Threshold level) {
    return name
        + " is relative to the first "
        + level.metric()
        + ", which is 0 in %s: there every number "
        + (level.above().isPresent() ? "above" : "below")
        + " 0 passes";
  }
}
