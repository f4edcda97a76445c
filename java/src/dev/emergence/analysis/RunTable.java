package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.plan.RunId;
import dev.emergence.result.Disk;
import dev.emergence.spec.Condition;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Paths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code tables/runs.csv}: a row for each condition, seed and threshold whose run is stored; plain
 * numbers, one header line.
 *
 * <p>{@code emergence} and {@code emergence_lower} are the bracket of the crossing in steps (time
 * for a gradient flow). It has no upper end when unreached: {@code emergence_lower} is then the
 * last evaluation by which the threshold was certainly not crossed. {@code loss_at_emergence} is
 * the loss on the first test set at the upper end. A condition without thresholds has one row with
 * an empty threshold.
 */
public final class RunTable {
  private static final List<String> FIXED =
      List.of(
          "run",
          "sweep",
          "condition",
          "seed",
          "threshold",
          "state",
          "emergence",
          "emergence_lower",
          "last_step",
          "final_metric",
          "loss_at_emergence");
  private static final String VARIANT = "variant";

  private RunTable() {}

  /** The file's content. */
  public static Disk.Content content(Analysis analysis) {
    return out -> {
      List<String> paths = paths(analysis);
      List<Object> header = new ArrayList<>(FIXED);
      header.addAll(paths);
      out.write(Csv.line(header).getBytes(StandardCharsets.UTF_8));
      for (String sweep : analysis.experiment().sweeps().keySet()) {
        for (Cell cell : analysis.cells(sweep)) {
          for (Observation o : cell.seeds()) {
            out.write(rows(o, cell.index(), paths).getBytes(StandardCharsets.UTF_8));
          }
        }
      }
    };
  }

  /**
   * Every swept path, in file order; the name of the variant comes first where there are variants.
   */
  private static List<String> paths(Analysis analysis) {
    Set<String> paths = new LinkedHashSet<>();
    for (SweepSpec sweep : analysis.experiment().sweeps().values()) {
      if (sweep.conditions().stream().anyMatch(c -> !c.variant().isEmpty())) {
        paths.add(VARIANT);
      }
    }
    analysis.experiment().sweeps().values().forEach(sweep -> paths.addAll(sweep.axes().keySet()));
    return List.copyOf(paths);
  }

  private static String rows(Observation o, int condition, List<String> paths) {
    if (o.stored().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    Set<String> thresholds = o.thresholds().keySet();
    for (String threshold : thresholds.isEmpty() ? Set.of("") : thresholds) {
      List<Object> cells = new ArrayList<>();
      cells.add(RunId.label(o.assignment().run()));
      cells.add(o.assignment().condition().sweep());
      cells.add(condition);
      cells.add(o.seed());
      cells.addAll(threshold.isEmpty() ? withoutThreshold(o) : reading(o, threshold));
      paths.forEach(path -> cells.add(value(o.assignment().condition(), path)));
      out.append(Csv.line(cells));
    }
    return out.toString();
  }

  private static List<Object> reading(Observation o, String threshold) {
    List<Object> cells = new ArrayList<>();
    Emergence emergence = o.emergence(threshold);
    State state = o.state(threshold);
    cells.add(threshold);
    cells.add(state.word());
    cells.addAll(bracket(state, emergence));
    cells.add(o.lastStep());
    cells.add(o.last(o.thresholds().get(threshold).metric()));
    cells.add(o.lossAtEmergence(threshold));
    return cells;
  }

  /** The bracket of a crossing, its upper end first. */
  static List<Optional<Double>> bracket(State state, Emergence emergence) {
    return switch (state) {
      case REACHED -> {
        Emergence.Reached reached = (Emergence.Reached) emergence;
        yield List.of(Optional.of(reached.step()), Optional.of(reached.lower()));
      }
      case UNREACHED, STOPPED ->
          List.of(Optional.empty(), Optional.of(((Emergence.Unreached) emergence).lastStep()));
      default -> List.of(Optional.empty(), Optional.empty());
    };
  }

  private static List<Object> withoutThreshold(Observation o) {
    List<Object> cells = new ArrayList<>();
    cells.add("");
    cells.add(o.ended().map(e -> e.name().toLowerCase(java.util.Locale.ROOT)).orElse(""));
    cells.add(null);
    cells.add(null);
    cells.add(o.lastStep());
    cells.add(null);
    cells.add(null);
    return cells;
  }

  private static Object value(Condition condition, String path) {
    return path.equals(VARIANT)
        ? condition.variant()
        : Paths.value(condition.config(), path).orElse(null);
  }
}
