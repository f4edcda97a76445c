package dev.emergence.analysis;

import dev.emergence.result.Disk;
import dev.emergence.spec.expr.Paths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A sweep's conditions, a row each: for every threshold how many seeds crossed it, and mean and
 * standard deviation of the crossing over those, in steps (time for a gradient flow); the mean over
 * all seeds with unreached ones at their last step; the mean loss on the first test set at the
 * crossings.
 */
public final class ConditionTable {
  private static final List<String> FIXED =
      List.of(
          "sweep",
          "condition",
          "variant",
          "threshold",
          "seeds",
          "reached",
          "mean",
          "std",
          "mean_unreached_at_end",
          "loss_at_emergence");

  private ConditionTable() {}

  /** {@code conditions.csv}: a row for each condition and threshold, swept values last. */
  public static Disk.Content csv(Analysis analysis) {
    List<String> paths =
        analysis.experiment().sweeps().values().stream()
            .flatMap(sweep -> sweep.axes().keySet().stream())
            .distinct()
            .toList();
    StringBuilder out = new StringBuilder();
    List<Object> header = new ArrayList<>(FIXED);
    header.addAll(paths);
    out.append(Csv.line(header));
    for (String sweep : analysis.experiment().sweeps().keySet()) {
      for (Cell cell : analysis.cells(sweep)) {
        for (String threshold : thresholds(cell)) {
          List<Object> row =
              new ArrayList<>(List.of(sweep, cell.index(), cell.condition().variant()));
          Summary summary = crossings(cell, threshold);
          row.addAll(
              List.of(threshold, summary.seeds(), summary.known(), summary.mean(), summary.std()));
          row.add(cell.meanWithUnreachedAtEnd(threshold));
          row.add(cell.meanLossAtEmergence(threshold));
          paths.forEach(path -> row.add(Paths.value(cell.condition().config(), path).orElse(null)));
          out.append(Csv.line(row));
        }
      }
    }
    return text(out.toString());
  }

  private static List<String> thresholds(Cell cell) {
    return List.copyOf(cell.condition().config().measurement().thresholds().keySet());
  }

  private static Summary crossings(Cell cell, String threshold) {
    return cell.summary(threshold + ".steps");
  }

  private static Disk.Content text(String text) {
    return Disk.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
