package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Law;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.Condition;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.theory.Forecast;
import dev.emergence.theory.NotApplicable;
import dev.emergence.theory.Prediction;
import dev.emergence.theory.TheoryCurves;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The layers of one panel of a {@link ScalingPlot}: bands below lines below signs. */
final class ScalingLayers {
  private static final int LINE_POINTS = 60;

  private final PlotSpec.Scaling plot;
  private final PlotContext context;
  private final ToDoubleFunction<Condition> x;
  private final boolean log;
  private final List<Layer> bands = new ArrayList<>();
  private final List<Layer> lines = new ArrayList<>();
  private final List<Layer> points = new ArrayList<>();

  ScalingLayers(PlotSpec.Scaling plot, PlotContext context, ToDoubleFunction<Condition> x) {
    this.plot = plot;
    this.context = context;
    this.x = x;
    this.log = plot.scale().y() == PlotSpec.Scale.LOG;
  }

  List<Layer> all() {
    List<Layer> all = new ArrayList<>(bands);
    all.addAll(lines);
    all.addAll(points);
    return all;
  }

  /** Draws the conditions of one colour. */
  void add(List<Cell> members, Mark mark) {
    if (members.isEmpty()) {
      return;
    }
    middles(members, mark);
    Optional<FitReport> fit = Optional.ofNullable(context.analysis().fits().get(plot.line()));
    fit.flatMap(FitReport::law).ifPresent(law -> law(law, members, mark.color(), mark.line()));
    fit.flatMap(FitReport::published)
        .ifPresent(law -> law(law, members, mark.color(), LineStyle.DOTTED));
    plot.theory().map(Prediction::named).ifPresent(p -> predicted(members, p, mark.color()));
  }

  private double x(Cell cell) {
    return x.applyAsDouble(cell.condition());
  }

  private void middles(List<Cell> members, Mark mark) {
    Map<Center.Kind, List<Cell>> kinds = new LinkedHashMap<>();
    Map<Cell, Center> centers = new LinkedHashMap<>();
    for (Cell cell : members) {
      Center center = Center.of(cell, plot.y(), plot.middle(), plot.error(), log);
      centers.put(cell, center);
      kinds.computeIfAbsent(center.kind(), k -> new ArrayList<>()).add(cell);
      row(cell, center);
    }
    if (plot.line().equals(ScalingPlot.MEANS)) {
      joined(members, centers, mark);
    }
    if (plot.seeds()) {
      members.forEach(cell -> single(cell, mark));
    }
    signs(kinds.get(Center.Kind.ALL), centers, mark);
    signs(kinds.get(Center.Kind.SOME), centers, mark.asOutline());
    signs(kinds.get(Center.Kind.AT_LEAST), centers, mark.with(Marker.AT_LEAST));
  }

  private void row(Cell cell, Center center) {
    boolean bySeed = Seeds.areApart(plot.color(), plot.facets().rows(), plot.facets().columns());
    Map<String, Object> row = Seeds.columns(cell, bySeed);
    row.put("x", x(cell));
    row.put("middle", center.kind() == Center.Kind.AT_LEAST ? Double.NaN : center.value());
    row.put("lower", center.lower());
    row.put("upper", center.upper());
    row.put("at_least", center.kind() == Center.Kind.AT_LEAST ? center.value() : Double.NaN);
    row.put("known", center.known());
    row.put("seeds", center.seeds());
    context.data().row(row);
  }

  private void signs(List<Cell> cells, Map<Cell, Center> centers, Mark mark) {
    if (cells == null) {
      return;
    }
    List<RichText> words = cells.stream().map(c -> Marks.share(centers.get(c))).toList();
    points.add(
        new Layer.Points(
            cells.stream().mapToDouble(this::x).toArray(),
            cells.stream().mapToDouble(c -> centers.get(c).value()).toArray(),
            cells.stream().mapToDouble(c -> centers.get(c).lower()).toArray(),
            cells.stream().mapToDouble(c -> centers.get(c).upper()).toArray(),
            mark,
            words));
  }

  /** Every seed with a value as a small dot. */
  private void single(Cell cell, Mark mark) {
    double[] y =
        cell.values(plot.y()).stream()
            .filter(v -> !v.censored())
            .mapToDouble(v -> v.number())
            .toArray();
    double[] at = new double[y.length];
    Arrays.fill(at, x(cell));
    points.add(Layer.Points.plain(at, y, mark.sized(0.6)));
  }

  /**
   * Where several conditions share a place, the line goes through their mean. It leaves out a place
   * where one of them has no middle: the mean of the others would be that of the faster ones.
   */
  private void joined(List<Cell> members, Map<Cell, Center> centers, Mark mark) {
    TreeMap<Double, List<Double>> byX = new TreeMap<>();
    Set<Double> open = new HashSet<>();
    for (Cell cell : members) {
      Center c = centers.get(cell);
      byX.computeIfAbsent(x(cell), at -> new ArrayList<>()).add(c.value());
      if (c.kind() == Center.Kind.AT_LEAST || c.kind() == Center.Kind.NONE) {
        open.add(x(cell));
      }
    }
    byX.keySet().removeAll(open);
    double[] xs = byX.keySet().stream().mapToDouble(v -> v).toArray();
    double[] ys =
        byX.values().stream()
            .mapToDouble(v -> v.stream().mapToDouble(d -> d).average().orElse(Double.NaN))
            .toArray();
    lines.add(new Layer.Line(xs, ys, mark.color(), mark.line(), 1.5));
  }

  /**
   * A law between the smallest and largest x of a group, for each setting of what else it depends
   * on, with its band.
   */
  private void law(Law law, List<Cell> members, Color color, LineStyle style) {
    double[] at = members.stream().mapToDouble(this::x).sorted().toArray();
    double low = at[0];
    double high = at[at.length - 1];
    boolean logX = plot.scale().x() == PlotSpec.Scale.LOG && low > 0;
    String path = context.analysis().symbols().path(plot.x()).orElse(plot.x());
    double[] xs = new double[LINE_POINTS];
    for (int i = 0; i < xs.length; i++) {
      double share = i / (xs.length - 1.0);
      xs[i] = logX ? low * Math.pow(high / low, share) : low + share * (high - low);
    }
    boolean published = style == LineStyle.DOTTED;
    Set<List<Double>> drawn = new HashSet<>();
    for (Cell cell : members) {
      double[] ys = Arrays.stream(xs).map(x -> law.at(cell.condition(), Map.of(path, x))).toArray();
      if (drawn.add(Arrays.stream(ys).boxed().toList())) {
        lines.add(new Layer.Line(xs, ys, color, style, published ? 1.2 : 1.5));
        if (plot.band() && law.hasBand() && !published) {
          bands.add(band(law, cell, path, xs, color));
        }
      }
    }
  }

  private static Layer band(Law law, Cell cell, String path, double[] xs, Color color) {
    double[] lower = new double[xs.length];
    double[] upper = new double[xs.length];
    for (int i = 0; i < xs.length; i++) {
      double[] ends = law.band(cell.condition(), Map.of(path, xs[i]));
      lower[i] = ends[0];
      upper[i] = ends[1];
    }
    return new Layer.Band(xs, lower, upper, color);
  }

  /**
   * The theory's times, a line for each setting of what else varies. Of a run whose repetition has
   * changed by then it has none.
   */
  private void predicted(List<Cell> members, Prediction prediction, Color color) {
    Map<Object, TreeMap<Double, Double>> settings = new LinkedHashMap<>();
    for (Cell cell : members) {
      RunConfig config = cell.condition().config();
      double time = prediction.time(config, share(config)) / TheoryCurves.timeOfStep(config);
      if (time <= TheoryCurves.unchangedUntil(config)) {
        settings.computeIfAbsent(setting(cell, members), s -> new TreeMap<>()).put(x(cell), time);
      }
    }
    for (TreeMap<Double, Double> byX : settings.values()) {
      double[] xs = byX.keySet().stream().mapToDouble(v -> v).toArray();
      double[] ys = byX.values().stream().mapToDouble(v -> v).toArray();
      lines.add(new Layer.Line(xs, ys, color, LineStyle.DASHED, 1.2));
    }
  }

  /** Swept values that differ among conditions of the same x: what a line has in common. */
  private Object setting(Cell cell, List<Cell> members) {
    Map<String, Object> own = PlotContext.columns(cell);
    Set<String> differ = new HashSet<>();
    for (Cell a : members) {
      for (Cell b : members) {
        if (x(a) == x(b)) {
          Map<String, Object> other = PlotContext.columns(b);
          PlotContext.columns(a)
              .forEach((k, v) -> differ.addAll(v.equals(other.get(k)) ? Set.of() : Set.of(k)));
        }
      }
    }
    own.keySet().retainAll(differ);
    return own;
  }

  /**
   * The loss at the plotted threshold over the initial one.
   *
   * @throws NotApplicable where the plotted number is not the time at which a loss falls
   */
  private double share(RunConfig config) {
    return Observation.thresholdOf(plot.y())
        .map(config.measurement().thresholds()::get)
        .flatMap(Forecast::share)
        .orElseThrow(
            () ->
                new NotApplicable(
                    "Theory predicts when a loss falls below a share of its first value, and "
                        + plot.y()
                        + " is another number; leave theory out."));
  }
}
