package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.ColorBar;
import dev.emergence.report.chart.ColorScale;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.TheoryPlots;
import dev.emergence.theory.Landscape;
import dev.emergence.theory.Setting;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The reduced loss over Δa and w (Zucchet et al. 2025, Fig. 6) with the runs' paths on it. */
final class LandscapePlot {
  private static final Set<String> PLANE = Set.of("delta_a", "w");

  /** On a logarithmic scale the loss is 0 along a line: colours end so far below the highest. */
  private static final double DEEPEST = 1e-7;

  private final TheoryPlots.Landscape plot;
  private final PlotContext context;

  LandscapePlot(TheoryPlots.Landscape plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
  }

  Figure figure() {
    List<Cell> cells = context.cells(plot);
    Set<Setting> settings =
        cells.stream().map(c -> Setting.of(c.condition().config())).collect(Collectors.toSet());
    if (settings.size() != 1) {
      return Plots.note(
          "A landscape belongs to one setting of d, T, B and p; where leaves "
              + settings.size()
              + ".");
    }
    if (!Set.of(plot.x(), plot.y()).equals(PLANE)
        || plot.limits().x().size() != 2
        || plot.limits().y().size() != 2) {
      return Plots.note(
          "A landscape is over delta_a and w, and needs limits of both; got "
              + plot.x()
              + " and "
              + plot.y()
              + ".");
    }
    Setting setting = settings.iterator().next();
    if (setting.crossSample() > 0) {
      return Plots.note(
          "With cross-sample repetition the loss has three coordinates; a landscape needs p = 0.");
    }
    return figure(cells, setting);
  }

  private Figure figure(List<Cell> cells, Setting setting) {
    double[] x = grid(plot.limits().x());
    double[] y = grid(plot.limits().y());
    boolean upright = plot.x().equals("delta_a");
    double[][] z =
        upright ? Landscape.loss(setting, x, y) : transposed(Landscape.loss(setting, y, x));
    ColorScale colors = colors(z);
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.HeatMap(x, y, z, colors));
    layers.add(new Layer.Contours(x, y, z, levels(colors), Palette.clear(Color.WHITE, 0.55)));
    int grounds = layers.size();
    cells.forEach(c -> c.seeds().forEach(run -> path(run, layers)));
    Panel panel =
        Panel.of(
                PlotContext.axis(
                    PlotContext.label(plot.look().labels().x(), Names.metric(plot.x())),
                    PlotSpec.Scale.LINEAR,
                    plot.limits().x()),
                PlotContext.axis(
                    PlotContext.label(plot.look().labels().y(), Names.metric(plot.y())),
                    PlotSpec.Scale.LINEAR,
                    plot.limits().y()))
            .with(layers)
            .with(
                new ColorBar(
                    PlotContext.label(plot.look().labels().color(), RichText.plain("loss")),
                    colors));
    for (String note : notes(cells, z, layers.size() > grounds)) {
      panel = panel.noting(note);
    }
    return Figure.of(panel);
  }

  private List<String> notes(List<Cell> cells, double[][] z, boolean paths) {
    List<String> notes = new ArrayList<>();
    boolean contours = plot.contours() > 0;
    if (paths) {
      notes.add(
          "White: " + (contours ? "contours, and " : "") + "the path of each run from its dot.");
    } else {
      notes.add((contours ? "White: contours. " : "") + "No run has a path here.");
    }
    if (Arrays.stream(z).flatMapToDouble(Arrays::stream).anyMatch(v -> !Double.isFinite(v))) {
      notes.add("Grey: the loss is too large for a number.");
    }
    notes.addAll(PlotContext.lacking(cells, ""));
    return notes;
  }

  /** Centres of cells that fill the limits. */
  private double[] grid(List<Double> limits) {
    double[] out = new double[plot.resolution()];
    for (int i = 0; i < out.length; i++) {
      double share = (i + 0.5) / out.length;
      out[i] = (1 - share) * limits.get(0) + share * limits.get(1);
    }
    return out;
  }

  private static double[][] transposed(double[][] z) {
    double[][] out = new double[z[0].length][z.length];
    for (int i = 0; i < z.length; i++) {
      for (int j = 0; j < z[i].length; j++) {
        out[j][i] = z[i][j];
      }
    }
    return out;
  }

  private ColorScale colors(double[][] z) {
    Scale scale = Scale.valueOf(plot.color().name());
    ColorScale all = ColorScale.covering(z, scale);
    return scale == Scale.LOG
        ? new ColorScale(Math.max(all.from(), DEEPEST * all.to()), all.to(), scale)
        : all;
  }

  private double[] levels(ColorScale colors) {
    double[] levels = new double[plot.contours()];
    for (int i = 0; i < levels.length; i++) {
      double share = (i + 1.0) / (levels.length + 1);
      boolean log = colors.scale() == Scale.LOG;
      levels[i] =
          log
              ? colors.from() * Math.pow(colors.to() / colors.from(), share)
              : colors.from() + share * (colors.to() - colors.from());
    }
    return levels;
  }

  /** White on a dark casing, so that it shows on every colour; a disc at its first point. */
  private void path(Observation run, List<Layer> layers) {
    if (!run.curve().has(plot.x()) || !run.curve().has(plot.y())) {
      return;
    }
    double[] x = run.curve().column(plot.x());
    double[] y = run.curve().column(plot.y());
    OptionalInt first =
        IntStream.range(0, x.length)
            .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
            .findFirst();
    if (first.isEmpty()) {
      return;
    }
    layers.add(new Layer.Line(x, y, new Color(0x222222), LineStyle.SOLID, 3.4));
    layers.add(new Layer.Line(x, y, Color.WHITE, LineStyle.SOLID, 1.8));
    for (int i = 0; i < x.length; i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("run", run.assignment().run());
      row.put(plot.x(), x[i]);
      row.put(plot.y(), y[i]);
      context.data().row(row);
    }
    layers.add(
        Layer.Points.plain(
            new double[] {x[first.getAsInt()]},
            new double[] {y[first.getAsInt()]},
            new Color(0x222222),
            Marker.CIRCLE));
  }
}
