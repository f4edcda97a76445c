package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.PluginFailure;
import dev.emergence.task.KnownLevels;
import dev.emergence.task.Level;
import dev.emergence.task.Replica;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Levels of a task as lines in a figure: what an oracle reaches is dashed, what guessing scores is
 * dotted. Of levels that depend on what a run draws, such as its own rules, the mean over the seeds
 * is drawn, as the curves beside them are of all seeds.
 */
final class LevelLines {
  /** Values of one level that are nearer than this are one line. */
  private static final double SAME = 1e-3;

  private static final List<String> KNOWLEDGE = List.of("oracle", "fresh_bayes");

  private final List<String> names;
  private final String column;
  private final KnownLevels known;
  private Optional<String> failure = Optional.empty();

  /**
   * @param names of levels
   * @param column {@code TEST_SET.loss} or {@code TEST_SET.accuracy}
   * @param known of other figures of the same runs
   */
  LevelLines(List<String> names, String column, KnownLevels known) {
    this.known = known;
    this.names = names;
    this.column = column;
  }

  /** A level line across the panel for each value that a level has among these conditions. */
  List<Layer> across(List<Cell> cells, Data data) {
    List<Layer> lines = new ArrayList<>();
    for (String name : names) {
      List<Double> drawn = new ArrayList<>();
      for (Cell cell : cells) {
        Optional<Double> value = value(name, cell);
        if (value.isPresent() && drawn.stream().noneMatch(v -> isSame(v, value.get()))) {
          drawn.add(value.get());
          RichText word = RichText.plain(name.replace('_', ' '));
          lines.add(new Layer.Rule(false, value.get(), word, Palette.REFERENCE, style(name)));
          data.row(row(name, Double.NaN, value.get()));
        }
      }
    }
    return lines;
  }

  /** A line along the axis for each level, and one for each setting that gives it other values. */
  List<Layer> along(List<Cell> cells, ToDoubleFunction<Cell> x, Data data) {
    Set<String> apart = apart(cells, x);
    List<Layer> lines = new ArrayList<>();
    for (String name : names) {
      Map<Object, TreeMap<Double, Double>> settings = new LinkedHashMap<>();
      for (Cell cell : cells) {
        Map<String, Object> setting = PlotContext.columns(cell);
        setting.keySet().retainAll(apart);
        value(name, cell)
            .ifPresent(
                v ->
                    settings
                        .computeIfAbsent(setting, s -> new TreeMap<>())
                        .put(x.applyAsDouble(cell), v));
      }
      for (TreeMap<Double, Double> points : new LinkedHashSet<>(settings.values())) {
        double[] xs = points.keySet().stream().mapToDouble(v -> v).toArray();
        double[] ys = points.values().stream().mapToDouble(v -> v).toArray();
        lines.add(new Layer.Line(xs, ys, Palette.REFERENCE, style(name), 1.0));
        points.forEach((at, v) -> data.row(row(name, at, v)));
      }
    }
    return lines;
  }

  /** What else varies among conditions of one place. */
  private static Set<String> apart(List<Cell> cells, ToDoubleFunction<Cell> x) {
    Map<Double, Map<String, Object>> first = new HashMap<>();
    Set<String> out = new HashSet<>();
    for (Cell cell : cells) {
      Map<String, Object> own = PlotContext.columns(cell);
      Map<String, Object> other = first.computeIfAbsent(x.applyAsDouble(cell), at -> own);
      own.forEach(
          (key, value) -> out.addAll(value.equals(other.get(key)) ? Set.of() : Set.of(key)));
    }
    return out;
  }

  private static boolean isSame(double a, double b) {
    return Math.abs(a - b) <= SAME * Math.abs(a);
  }

  /** How a level is drawn. */
  static LineStyle style(String name) {
    return KNOWLEDGE.contains(name) ? LineStyle.DASHED : LineStyle.DOTTED;
  }

  private static Map<String, Object> row(String name, double x, double value) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("level", name);
    row.put("x", x);
    row.put("value", value);
    return row;
  }

  /** Sentences for levels that are drawn, with what they mean, and for those that are not there. */
  List<String> notes(List<Cell> cells) {
    List<String> notes = new ArrayList<>();
    for (String name : names) {
      Optional<Level> level = cells.stream().flatMap(c -> levels(name, c).stream()).findFirst();
      String mean = cells.stream().anyMatch(c -> differs(name, c)) ? ", mean over the seeds" : "";
      String word = name.replace('_', ' ');
      notes.add(
          level
              .map(l -> word + ": " + l.doc() + mean + ".")
              .or(() -> failure.map(why -> "No level " + word + ": " + why + "."))
              .orElse("The task knows no level " + word + " of " + column + "."));
    }
    return cells.isEmpty() ? List.of() : notes;
  }

  private Optional<Double> value(String name, Cell cell) {
    List<Level> seeds = levels(name, cell);
    return seeds.isEmpty()
        ? Optional.empty()
        : Optional.of(seeds.stream().mapToDouble(Level::value).average().getAsDouble());
  }

  private List<Level> levels(Replica run, String testSet) {
    try {
      return known.of(run, testSet);
    } catch (PluginFailure e) {
      failure = Optional.of(e.getMessage());
      return List.of();
    }
  }

  private boolean differs(String name, Cell cell) {
    return levels(name, cell).stream().map(Level::value).distinct().count() > 1;
  }

  /** A level of each seed of a condition. */
  private List<Level> levels(String name, Cell cell) {
    int dot = column.lastIndexOf('.');
    String metric = column.substring(dot + 1);
    return cell.seeds().stream()
        .map(run -> run.assignment().own())
        .map(own -> new Replica(own.config(), own.seed()))
        .map(run -> levels(run, column.substring(0, dot)))
        .flatMap(List::stream)
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .toList();
  }
}
