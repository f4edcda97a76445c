package dev.emergence.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How well a law describes the points that emerged.
 *
 * @param r2 1 - SS_res / SS_tot of the logarithms; NaN where it would say nothing
 * @param residualStd of the logarithms; NaN with no point to spare
 * @param notes what the numbers do not say, a sentence each
 */
record Quality(double r2, double residualStd, List<String> notes) {

  /** Below this the times differ by rounding only, and R² would compare rounding with rounding. */
  private static final double ROUNDING = 1e-24;

  static Quality of(Solver solver, Solver.Solution solution, Sample sample) {
    Sample reached = sample.onlyReached();
    double[] logs = reached.logs();
    double mean = IntStream.range(0, logs.length).mapToDouble(i -> logs[i]).average().orElseThrow();
    double total = 0;
    double left = 0;
    for (int i = 0; i < logs.length; i++) {
      double residual = logs[i] - solver.predict(solution.theta(), reached.conditions()[i]);
      left += residual * residual;
      total += (logs[i] - mean) * (logs[i] - mean);
    }
    int parameters = solution.theta().length;
    int spare = logs.length - parameters;
    double std =
        Double.isNaN(solution.sigma())
            ? (spare > 0 ? Math.sqrt(left / spare) : Double.NaN)
            : solution.sigma();
    boolean equal = total <= ROUNDING * logs.length * (1 + mean * mean);
    boolean saturated = parameters > 0 && spare <= 0;
    double r2 = equal || saturated ? Double.NaN : 1 - left / total;
    int unreached = sample.size() - reached.size();
    String few =
        unreached == 0
            ? "no r2: a law with as many parameters as points passes through all of them"
            : "no r2: it is about the points that emerged, and there are no more of them than"
                + " parameters";
    List<String> notes = notes(reached, parameters, equal, saturated ? few : "");
    about(r2, reached.size(), unreached).ifPresent(notes::add);
    return new Quality(r2, std, notes);
  }

  /**
   * What r2 is about where it is not about all points, or where it is lower than one may expect.
   */
  private static Optional<String> about(double r2, int reached, int unreached) {
    if (Double.isNaN(r2) || unreached == 0 && r2 >= 0) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    if (unreached > 0) {
      parts.add(
          "r2 is about the "
              + reached
              + " points that emerged, but the law is about the "
              + (unreached == 1 ? "other one" : unreached + " others")
              + " too");
    }
    if (r2 < 0) {
      String points = unreached > 0 ? "these points" : "the points";
      parts.add("r2 is below 0: " + points + " lie closer to their own mean than to the law");
    }
    return Optional.of(String.join("; ", parts));
  }

  private static List<String> notes(
      Sample reached, int parameters, boolean equal, String saturated) {
    List<String> notes = new ArrayList<>();
    long conditions = IntStream.of(reached.conditions()).distinct().count();
    if (equal) {
      notes.add("no r2: " + (reached.size() == 1 ? "there is one point" : "all times are equal"));
    } else if (!saturated.isEmpty()) {
      notes.add(saturated);
    } else if (parameters > 1 && conditions <= parameters) {
      notes.add(
          conditions
              + " conditions decide "
              + parameters
              + " parameters: r2 says how far seeds differ, not whether the law has the right form");
    }
    return notes;
  }
}
