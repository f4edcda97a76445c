package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.ColorBar;
import dev.emergence.report.chart.ColorScale;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.result.Picture;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Attention patterns of one run at one time: a row of panels a layer, a column a head; queries run
 * downwards.
 */
final class AttentionPlot {
  private static final double ONE = 220;
  private static final double MANY = 110;

  private final PlotSpec.Attention plot;
  private final PlotContext context;

  AttentionPlot(PlotSpec.Attention plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
  }

  Figure figure() {
    for (Cell cell : context.cells(plot)) {
      Optional<Observation> run =
          cell.seeds().stream().filter(o -> o.stored().isPresent()).findFirst();
      if (run.isPresent()) {
        return figure(cell, run.get());
      }
    }
    return Plots.note("No run that this plot asks for has been done.");
  }

  private Figure figure(Cell cell, Observation run) {
    List<Picture> stored = context.pictures().of(run.assignment().run());
    List<Picture> wanted = stored.stream().filter(this::wanted).toList();
    if (wanted.isEmpty()) {
      Set<String> labels =
          stored.stream()
              .filter(p -> !p.label().equals("film"))
              .map(p -> "'" + p.label() + "' (step " + p.step() + ")")
              .collect(Collectors.toCollection(LinkedHashSet::new));
      String there =
          labels.isEmpty()
              ? "none; measurement.attention.pictures_at asks for them"
              : String.join(", ", labels);
      return Plots.note(
          "Run "
              + run.assignment().run()
              + " has no attention pictures '"
              + plot.at()
              + "' of these layers and heads; stored: "
              + there
              + ".");
    }
    long last = wanted.stream().mapToLong(Picture::step).max().orElse(0);
    return grid(title(cell, run, last), wanted.stream().filter(p -> p.step() == last).toList());
  }

  private boolean wanted(Picture p) {
    boolean time = p.label().equals(plot.at()) || String.valueOf(p.step()).equals(plot.at());
    return time && chosen(plot.layers(), p.layer()) && chosen(plot.heads(), p.head());
  }

  /** {@code all}, or numbers from 1 set apart by commas or blanks. */
  private static boolean chosen(String which, int number) {
    return which.equals("all")
        || List.of(which.strip().replaceAll("[\\[\\]]", "").split("[,\\s]+"))
            .contains(String.valueOf(number));
  }

  private RichText title(Cell cell, Observation run, long step) {
    RichText condition = context.names().condition(cell, Set.of());
    return (condition.isEmpty() ? condition : condition.then(", "))
        .then("seed " + run.seed() + ", step " + step);
  }

  private Figure grid(RichText title, List<Picture> pictures) {
    List<Integer> layers = pictures.stream().map(Picture::layer).distinct().sorted().toList();
    List<Integer> heads = pictures.stream().map(Picture::head).distinct().sorted().toList();
    double largest =
        pictures.stream()
            .flatMap(p -> java.util.Arrays.stream(p.probabilities()))
            .flatMapToDouble(java.util.Arrays::stream)
            .max()
            .orElse(1);
    ColorScale colors = new ColorScale(0, largest > 0 ? largest : 1, Scale.LINEAR);
    List<Panel> panels = new ArrayList<>();
    for (int layer : layers) {
      for (int head : heads) {
        Optional<Picture> picture =
            pictures.stream().filter(p -> p.layer() == layer && p.head() == head).findFirst();
        Panel panel =
            panel(
                picture,
                colors,
                layers.size() * heads.size() == 1 ? ONE : MANY,
                head == heads.get(0) ? "layer " + layer : "");
        panel = layer == layers.get(0) ? panel.titled(RichText.plain("head " + head)) : panel;
        boolean corner = layer == layers.get(0) && head == heads.get(heads.size() - 1);
        panels.add(corner ? panel.with(new ColorBar(RichText.plain("attention"), colors)) : panel);
      }
    }
    return new Figure(title, panels, heads.size());
  }

  private static Panel panel(
      Optional<Picture> picture, ColorScale colors, double size, String rowLabel) {
    double[][] z = picture.map(Picture::probabilities).orElse(new double[0][]);
    int rows = z.length;
    int columns = rows == 0 ? 0 : z[0].length;
    Axis keys =
        Axis.of(RichText.EMPTY, Scale.LINEAR)
            .between(-0.5, Math.max(1, columns) - 0.5)
            .withoutTicks();
    Axis queries =
        Axis.of(RichText.plain(rowLabel), Scale.LINEAR)
            .between(Math.max(1, rows) - 0.5, -0.5)
            .withoutTicks();
    double height = rows == 1 ? size / 4 : size;
    return Panel.of(keys, queries)
        .sized(size, height)
        .with(new Layer.HeatMap(indices(columns), indices(rows), z, colors));
  }

  private static double[] indices(int n) {
    return java.util.stream.IntStream.range(0, n).asDoubleStream().toArray();
  }
}
