package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.measure.Emergence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What a figure of curves leaves out, and why. */
final class CurveNotes {
  private CurveNotes() {}

  private static Stream<Observation> runs(List<Cell> cells) {
    return cells.stream().flatMap(c -> c.seeds().stream());
  }

  /** Conditions with those of their runs alone that crossed the threshold, if there is one. */
  static List<Cell> aligned(Optional<String> align, List<Cell> cells) {
    return align.isEmpty()
        ? cells
        : cells.stream()
            .map(cell -> new Cell(cell.condition(), cell.index(), crossed(align.get(), cell)))
            .filter(cell -> !cell.seeds().isEmpty())
            .toList();
  }

  private static List<Observation> crossed(String threshold, Cell cell) {
    return cell.seeds().stream()
        .filter(o -> step(threshold, o).isPresent() && step(threshold, o).getAsDouble() > 0)
        .toList();
  }

  /** The step at which a run crossed; 0 when the level was passed before training. */
  private static OptionalDouble step(String threshold, Observation run) {
    return run.thresholds().containsKey(threshold)
            && run.emergence(threshold) instanceof Emergence.Reached reached
        ? OptionalDouble.of(reached.step())
        : OptionalDouble.empty();
  }

  /** Runs without a step by which theirs could be divided, and why. */
  static List<String> leftOut(Optional<String> align, List<Cell> cells) {
    if (align.isEmpty()) {
      return List.of();
    }
    long all = runs(cells).count();
    long early = runs(cells).filter(o -> step(align.get(), o).equals(OptionalDouble.of(0))).count();
    long never = all - early - runs(aligned(align, cells)).count();
    List<String> out = new ArrayList<>();
    if (early > 0) {
      out.add(
          early
              + " of "
              + all
              + " runs left out: they had passed "
              + align.get()
              + " before training.");
    }
    if (never > 0) {
      out.add(never + " of " + all + " runs left out: they did not cross " + align.get() + ".");
    }
    return out;
  }
}
