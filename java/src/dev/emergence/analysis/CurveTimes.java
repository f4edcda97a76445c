package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Times of emergence in curves, whoever measured them: a table as {@link RunTable} is, for one
 * threshold.
 *
 * @param text the table
 * @param counts runs by their state
 * @param times of the runs that reached the threshold, rising
 * @param again of those, how many passed, did not pass any more, and passed again
 */
public record CurveTimes(String text, Map<State, Integer> counts, List<Double> times, int again) {
  /** Columns of the table before those with settings. */
  static final List<String> FIXED =
      List.of("run", "threshold", "state", "emergence", "emergence_lower", "last_step");

  /**
   * Measures.
   *
   * @param name of the threshold
   * @param threshold its metric is that of the curves
   */
  public static CurveTimes of(List<CurveTables.Run> runs, String name, Threshold threshold) {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    List<Double> times = new ArrayList<>();
    int again = 0;
    List<String> header = new ArrayList<>(FIXED);
    runs.stream().findFirst().ifPresent(run -> header.addAll(run.settings().keySet()));
    StringBuilder text = new StringBuilder(Csv.line(header));
    for (CurveTables.Run run : runs) {
      Emergence emergence = Emergence.of(run.curve(), name, threshold);
      State state = state(run, emergence, threshold);
      counts.merge(state, 1, Integer::sum);
      if (emergence instanceof Emergence.Reached reached) {
        times.add(reached.step());
        again += reached.lastUpCrossing() > reached.step() ? 1 : 0;
      }
      List<Object> cells = new ArrayList<>(List.of(run.name(), name, state.word()));
      cells.addAll(RunTable.bracket(state, emergence));
      double[] steps = run.curve().steps();
      cells.add(steps.length == 0 ? null : steps[steps.length - 1]);
      cells.addAll(run.settings().values());
      text.append(Csv.line(cells));
    }
    return new CurveTimes(text.toString(), counts, times.stream().sorted().toList(), again);
  }

  private static State state(CurveTables.Run run, Emergence emergence, Threshold threshold) {
    if (emergence instanceof Emergence.Reached) {
      return State.REACHED;
    }
    return run.curve().isMeasured(threshold.metric()) ? State.UNREACHED : State.UNMEASURED;
  }
}
