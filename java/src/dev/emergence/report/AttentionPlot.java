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
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Paths;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Attention patterns of one run at one time: a row of panels a layer, a column a head; queries run
 * downwards.
 */
final class AttentionPlot {
  private static final double ONE = 220;
  private static final double MANY = 110;

  /** Seen on dark and on light cells. */
  private static final Color TRUTH = new Color(0xD55E00);

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
              .filter(p -> !p.label().startsWith("film"))
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
    return grid(
        title(cell, run, last),
        wanted.stream().filter(p -> p.step() == last).toList(),
        cell.condition().config());
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

  private Figure grid(RichText title, List<Picture> pictures, RunConfig config) {
    List<Integer> layers = pictures.stream().map(Picture::layer).distinct().sorted().toList();
    List<Integer> heads = pictures.stream().map(Picture::head).distinct().sorted().toList();
    double largest =
        pictures.stream()
            .flatMap(p -> Arrays.stream(p.probabilities()))
            .flatMapToDouble(Arrays::stream)
            .max()
            .orElse(1);
    ColorScale colors = new ColorScale(0, largest > 0 ? largest : 1, Scale.LINEAR);
    List<Panel> panels = new ArrayList<>();
    double size = layers.size() * heads.size() == 1 ? ONE : MANY;
    for (int layer : layers) {
      for (int head : heads) {
        Optional<Picture> picture =
            pictures.stream().filter(p -> p.layer() == layer && p.head() == head).findFirst();
        boolean first = head == heads.get(0);
        boolean lowest = layer == layers.get(layers.size() - 1);
        String query = first ? "layer " + layer + ", query" : "";
        Panel panel = panel(picture, colors, size, query, lowest ? "key" : "", config);
        panel = layer == layers.get(0) ? panel.titled(RichText.plain("head " + head)) : panel;
        boolean corner = layer == layers.get(0) && head == heads.get(heads.size() - 1);
        RichText bar = PlotContext.label(plot.look().labels().color(), RichText.plain("attention"));
        panels.add(corner ? panel.with(new ColorBar(bar, colors)) : panel);
        picture.ifPresent(this::rows);
      }
    }
    return new Figure(title, panels, heads.size());
  }

  private void rows(Picture picture) {
    for (int query = 0; query < picture.probabilities().length; query++) {
      for (int key = 0; key < picture.probabilities()[query].length; key++) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", picture.step());
        row.put("layer", picture.layer());
        row.put("head", picture.head());
        row.put("query", query);
        row.put("key", key);
        row.put("attention", picture.probabilities()[query][key]);
        context.data().row(row);
      }
    }
  }

  private Panel panel(
      Optional<Picture> picture,
      ColorScale colors,
      double size,
      String queryLabel,
      String keyLabel,
      RunConfig config) {
    double[][] given = picture.map(Picture::probabilities).orElse(new double[0][]);
    int rows = given.length;
    int columns = rows == 0 ? 0 : given[0].length;
    boolean masked = rows > 1 && rows == columns && isCausal(config);
    double[][] z = masked ? withoutFuture(given) : given;
    Axis keys =
        Axis.of(label(keyLabel), Scale.LINEAR)
            .between(-0.5, Math.max(1, columns) - 0.5)
            .withTicks(whole(columns));
    Axis queries =
        Axis.of(label(queryLabel), Scale.LINEAR)
            .between(Math.max(1, rows) - 0.5, -0.5)
            .withTicks(whole(rows));
    Panel panel =
        Panel.of(
                keyLabel.isEmpty() ? keys.withoutTicks() : keys,
                queryLabel.isEmpty() || rows == 1 ? queries.withoutTicks() : queries)
            .sized(size, rows == 1 ? size / 4 : size)
            .with(new Layer.HeatMap(indices(columns), indices(rows), z, colors));
    panel = masked ? panel.noting("Light grey: keys after the query, which it cannot see.") : panel;
    OptionalInt truth = trueKey(config, columns);
    return truth.isEmpty() || rows == 0
        ? panel
        : panel
            .with(
                new Layer.Frames(new double[] {truth.getAsInt()}, new double[] {rows - 1.0}, TRUTH))
            .noting("Frame: the key that the last query must attend to.");
  }

  /** About four marks, on whole tokens. */
  private static List<Double> whole(int tokens) {
    int step = Math.max(1, (tokens + 2) / 4);
    List<Double> marks = new ArrayList<>();
    for (int at = 0; at < Math.max(1, tokens); at += step) {
      marks.add((double) at);
    }
    return marks;
  }

  private static RichText label(String words) {
    return words.isEmpty() ? RichText.EMPTY : RichText.plain(words);
  }

  private static boolean isCausal(RunConfig config) {
    return Paths.value(config, "architecture.attention").filter("causal"::equals).isPresent();
  }

  /** What a causal mask hides is no attention of 0: it is missing. */
  private static double[][] withoutFuture(double[][] given) {
    double[][] z = new double[given.length][];
    for (int query = 0; query < z.length; query++) {
      z[query] = given[query].clone();
      Arrays.fill(z[query], query + 1, z[query].length, Double.NaN);
    }
    return z;
  }

  /** The relevant token, where its place follows from the configuration alone. */
  private static OptionalInt trueKey(RunConfig config, int columns) {
    boolean last =
        Paths.value(config, "task.relevant_position").filter("last"::equals).isPresent()
            && config.repetition().inContext() == 1;
    return last && columns > 0 ? OptionalInt.of(columns - 1) : OptionalInt.empty();
  }

  private static double[] indices(int n) {
    return java.util.stream.IntStream.range(0, n).asDoubleStream().toArray();
  }
}
