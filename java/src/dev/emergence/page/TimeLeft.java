package dev.emergence.page;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Cost;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * How long the rest takes at the rate of the runs that have ended: each open run is taken to need
 * as large a share of its predicted steps as they did. Where a run ends that has passed this share,
 * {@link Cost#expectedEnd} says.
 */
final class TimeLeft {
  private TimeLeft() {}

  /**
   * {@code {seconds, low, high, assumes}}; seconds are null while nothing has ended or nobody
   * works, and the sentence says so.
   */
  static Map<String, Object> of(List<RunView> runs) {
    List<Double> shares = new ArrayList<>();
    double operations = 0;
    double seconds = 0;
    long working = 0;
    boolean open = false;
    for (RunView run : runs) {
      Cost cost = run.run().cost();
      if (run.standing().isSettled() && run.standing().seconds() > 0) {
        shares.add(run.standing().step() / Math.max(1, cost.expectedSteps()));
        operations += run.standing().step() * perStep(cost);
        seconds += run.standing().seconds();
      }
      open |= !run.standing().isSettled() && run.standing().state() != Standing.State.FAILED;
      working += run.standing().state() == Standing.State.RUNNING ? 1 : 0;
    }
    if (!open) {
      return Trees.of("seconds", 0.0, "low", 0.0, "high", 0.0, "assumes", "nothing is left to do");
    }
    if (shares.isEmpty() || working == 0) {
      String why = working == 0 ? "nobody works on it now" : "known when the first run has ended";
      return Trees.of("seconds", null, "low", null, "high", null, "assumes", why);
    }
    Collections.sort(shares);
    double rate = operations / seconds * working;
    return Trees.of(
        "seconds", left(runs, quantile(shares, 0.5)) / rate,
        "low", left(runs, quantile(shares, 0.1)) / rate,
        "high", left(runs, quantile(shares, 0.9)) / rate,
        "assumes",
            Numeral.count(working, "run")
                + " at a time as now, and as many"
                + " steps of those predicted as the "
                + shares.size()
                + " that have ended");
  }

  private static double left(List<RunView> runs, double share) {
    double left = 0;
    for (RunView run : runs) {
      if (!run.standing().isSettled() && run.standing().state() != Standing.State.FAILED) {
        Cost cost = run.run().cost();
        double step = run.standing().step();
        double known =
            run.ends().stream().mapToDouble(e -> e).max().orElse(Double.POSITIVE_INFINITY);
        double end = cost.expectedEnd(step, known, share * cost.expectedSteps());
        left += Math.max(0, end - step) * perStep(cost);
      }
    }
    return left;
  }

  private static double perStep(Cost cost) {
    return cost.expected() / Math.max(1, cost.expectedSteps());
  }

  private static double quantile(List<Double> sorted, double at) {
    return sorted.get((int) Math.round(at * (sorted.size() - 1)));
  }
}
