package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.measure.Emergence;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a figure of curves leaves out, and why. */
final class CurveNotes {
  private CurveNotes() {}

  private static Stream<Observation> runs(List<Cell> cells) {
    return cells.stream().flatMap(c -> c.seeds().stream());
  }

  /** A metric that no stored run has, with those that there are. */
  static Optional<String> notRecorded(String metric, List<Cell> cells, List<String> columns) {
    boolean recorded = runs(cells).anyMatch(o -> columns.stream().anyMatch(o.curve()::has));
    boolean stored = runs(cells).anyMatch(o -> o.curve().size() > 0);
    if (!stored || recorded) {
      return Optional.empty();
    }
    Set<String> known =
        runs(cells)
            .flatMap(o -> o.curve().columns().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return Optional.of(
        "'" + metric + "' was not recorded; recorded: " + String.join(", ", known) + ".");
  }

  /** Runs that never crossed the threshold by which curves are aligned. */
  static Optional<String> leftOut(Optional<String> align, List<Cell> cells) {
    if (align.isEmpty()) {
      return Optional.empty();
    }
    long all = runs(cells).count();
    long left =
        runs(cells)
            .filter(
                o ->
                    !(o.thresholds().containsKey(align.get())
                        && o.emergence(align.get()) instanceof Emergence.Reached r
                        && r.step() > 0))
            .count();
    return left == 0
        ? Optional.empty()
        : Optional.of(
            left + " of " + all + " runs left out: they did not cross " + align.get() + ".");
  }
}
