package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.State;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.Look;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.PlotSpec;
import dev.emergence.task.KnownLevels;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What every plot is drawn from.
 *
 * @param levels of the runs, which figures share
 * @param data takes the numbers that are drawn
 */
record PlotContext(
    Analysis analysis,
    Names names,
    PictureSource pictures,
    Theme theme,
    KnownLevels levels,
    Data data) {

  static PlotContext of(Analysis analysis, PictureSource pictures, KnownLevels levels) {
    Theme theme = new Theme(analysis.experiment().figures());
    Names names = new Names(analysis.symbols());
    return new PlotContext(analysis, names, pictures, theme, levels, new Data());
  }

  /** The same for another figure. */
  PlotContext fresh() {
    return new PlotContext(analysis, names, pictures, theme, levels, new Data());
  }

  /** A value as a figure shows it: by the name that the file gives it, or as it is. */
  RichText value(Look look, Object value) {
    for (Map.Entry<String, String> name : look.names().entrySet()) {
      if (name.getKey().equals(Names.spelled(value)) || Ordering.same(value, name.getKey())) {
        return RichText.plain(name.getValue());
      }
    }
    return Names.rich(value);
  }

  /**
   * The values of one axis or legend, in one spelling: numbers without a name all as powers of ten
   * where one of them needs it.
   */
  List<RichText> values(Look look, List<?> values) {
    List<RichText> shown = values.stream().map(v -> value(look, v)).toList();
    boolean powers =
        shown.stream().anyMatch(text -> text.spans().stream().anyMatch(PlotContext::isRaised));
    List<RichText> out = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      boolean own =
          values.get(i) instanceof Number n
              && shown.get(i).equals(RichText.ofNumber(n.doubleValue()));
      out.add(
          powers && own ? RichText.asPower(((Number) values.get(i)).doubleValue()) : shown.get(i));
    }
    return out;
  }

  private static boolean isRaised(RichText.Span span) {
    return span.level() == RichText.Level.RAISED;
  }

  /** The words of an axis: those of the file, or ours. */
  static RichText label(String own, RichText ours) {
    return own.isEmpty() ? ours : RichText.plain(own);
  }

  /** Swept values of a condition, as columns of a table. */
  static Map<String, Object> columns(Cell cell) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (!cell.condition().variant().isEmpty()) {
      out.put("variant", cell.condition().variant());
    }
    out.putAll(cell.condition().values());
    return out;
  }

  /** The number of seeds of conditions: {@code 5} or {@code 3 to 5}. */
  static String seeds(List<Cell> cells) {
    int least = cells.stream().mapToInt(c -> c.seeds().size()).min().orElse(0);
    int most = cells.stream().mapToInt(c -> c.seeds().size()).max().orElse(0);
    String number = least == most ? String.valueOf(most) : least + " to " + most;
    return number + (most == 1 ? " seed" : " seeds");
  }

  /**
   * A warning where evaluation is coarse beside the times that are drawn: each is known to one
   * interval only.
   */
  static List<String> coarse(List<Cell> cells, String column) {
    if (Observation.thresholdOf(column).isEmpty()) {
      return List.of();
    }
    double worst = 0;
    long every = 0;
    for (Cell cell : cells) {
      double least = cell.summary(column).min();
      long interval = (long) Observation.resolution(cell.condition().config());
      if (least == 0 && interval > 0) {
        return List.of("Some times are 0: passed at the first evaluation, before training.");
      }
      if (interval / least > worst) {
        worst = interval / least;
        every = interval;
      }
    }
    return worst < COARSE
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "Evaluated every %d steps, %.0f %% of the shortest time: times are coarse.",
                every,
                100 * worst));
  }

  /** An interval between evaluations of more than this share of a time is worth a warning. */
  private static final double COARSE = 0.1;

  /** The conditions of a plot. */
  List<Cell> cells(PlotSpec plot) {
    return analysis.cells(plot.data(), plot.where());
  }

  /** An axis with the ends that were asked for. */
  static Axis axis(RichText label, PlotSpec.Scale scale, List<Double> limits) {
    Axis axis = Axis.of(label, Scale.valueOf(scale.name()));
    return limits.size() == 2 ? axis.between(limits.get(0), limits.get(1)) : axis;
  }

  /**
   * What became of the runs, where not all are fine: {@code 3 of 60 runs unreached, 1 diverged.}.
   */
  static List<String> lacking(List<Cell> cells, String threshold) {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    int runs = 0;
    for (Cell cell : cells) {
      boolean has = cell.condition().config().measurement().thresholds().containsKey(threshold);
      runs += cell.seeds().size();
      cell.seeds().forEach(o -> counts.merge(has ? o.state(threshold) : ended(o), 1, Integer::sum));
    }
    List<String> parts = new ArrayList<>();
    for (State state :
        List.of(
            State.UNREACHED,
            State.STOPPED,
            State.UNMEASURED,
            State.DIVERGED,
            State.FAILED,
            State.MISSING)) {
      if (counts.getOrDefault(state, 0) > 0) {
        parts.add(counts.get(state) + " " + state.word());
      }
    }
    return parts.isEmpty() ? List.of() : List.of(first(parts.get(0), runs) + rest(parts) + ".");
  }

  /** {@link #lacking} of the threshold of a column, or of runs without a number of a metric. */
  static List<String> lackingOf(List<Cell> cells, String column) {
    Optional<String> threshold = Observation.thresholdOf(column);
    List<String> out =
        new ArrayList<>(threshold.isPresent() ? List.of() : unmeasured(cells, List.of(column)));
    out.addAll(lacking(cells, threshold.orElse("")));
    return out;
  }

  /** In how many runs no evaluation has a number of any of these columns: nothing is drawn. */
  static List<String> unmeasured(List<Cell> cells, List<String> columns) {
    List<Observation> runs = cells.stream().flatMap(c -> c.seeds().stream()).toList();
    long count = runs.stream().filter(o -> columns.stream().allMatch(o::isUnmeasured)).count();
    return count == 0 || columns.isEmpty()
        ? List.of()
        : List.of(
            String.join(", ", columns)
                + (columns.size() == 1 ? " has" : " have")
                + " no number in "
                + count
                + " of "
                + Numeral.count(runs.size(), "run")
                + ".");
  }

  /** {@code 3 unreached} becomes {@code 3 of 60 runs unreached}. */
  private static String first(String part, int runs) {
    return part.replaceFirst(" ", " of " + Numeral.count(runs, "run") + " ");
  }

  private static String rest(List<String> parts) {
    return parts.size() == 1 ? "" : ", " + String.join(", ", parts.subList(1, parts.size()));
  }

  private static State ended(Observation o) {
    if (o.ended().isEmpty()) {
      return State.MISSING;
    }
    return switch (o.ended().get()) {
      case DIVERGED -> State.DIVERGED;
      case FAILED -> State.FAILED;
      case COMPLETE -> State.REACHED;
    };
  }
}
