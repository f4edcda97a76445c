package dev.emergence.report;

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
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Attention patterns of one step: a row of panels a layer, a column a head; queries run downwards,
 * and the keys that they should attend to are framed.
 */
final class AttentionGrid {
  private static final double ONE = 220;
  private static final double MANY = 110;

  /** Seen on dark and on light cells. */
  private static final Color TRUTH = new Color(0xD55E00);

  private final PlotSpec.Attention plot;
  private final PlotContext context;
  private final List<Picture> pictures;
  private final double[][] truth;
  private final boolean causal;

  /**
   * @param truth pairs of a query and a key that it should attend to; none when that is not known
   * @param causal whether queries see earlier keys alone
   */
  AttentionGrid(
      PlotSpec.Attention plot,
      PlotContext context,
      List<Picture> pictures,
      double[][] truth,
      boolean causal) {
    this.plot = plot;
    this.context = context;
    this.pictures = pictures;
    this.truth = truth;
    this.causal = causal;
  }

  /**
   * @param apart whether each panel says which layer and head it is of, and what its axes are; else
   *     the first row and the first column say it for all
   */
  Figure figure(RichText title, boolean apart) {
    List<Integer> layers = pictures.stream().map(Picture::layer).distinct().sorted().toList();
    List<Integer> heads = pictures.stream().map(Picture::head).distinct().sorted().toList();
    ColorScale colors = new ColorScale(0, largest(), Scale.LINEAR);
    List<Panel> panels = new ArrayList<>();
    double size = layers.size() * heads.size() == 1 ? ONE : MANY;
    for (int layer : layers) {
      for (int head : heads) {
        Optional<Picture> picture =
            pictures.stream().filter(p -> p.layer() == layer && p.head() == head).findFirst();
        boolean left = head == heads.get(0);
        boolean top = layer == layers.get(0);
        boolean lowest = layer == layers.get(layers.size() - 1);
        String query = apart ? "query" : left ? "layer " + layer + ", query" : "";
        Panel panel = panel(picture, colors, size, query, apart || lowest ? "key" : "");
        String name = apart ? "layer " + layer + ", head " + head : top ? "head " + head : "";
        panel = name.isEmpty() ? panel : panel.titled(RichText.plain(name));
        boolean corner = top && head == heads.get(heads.size() - 1);
        RichText bar = PlotContext.label(plot.look().labels().color(), RichText.plain("attention"));
        panels.add(corner ? panel.with(new ColorBar(bar, colors)) : panel);
        picture.ifPresent(this::rows);
      }
    }
    return new Figure(title, panels, heads.size());
  }

  private double largest() {
    double largest =
        pictures.stream()
            .flatMap(p -> Arrays.stream(p.probabilities()))
            .flatMapToDouble(Arrays::stream)
            .max()
            .orElse(1);
    return largest > 0 ? largest : 1;
  }

  private void rows(Picture picture) {
    List<double[]> marks = marks(picture.probabilities());
    for (int query = 0; query < picture.probabilities().length; query++) {
      for (int key = 0; key < picture.probabilities()[query].length; key++) {
        double[] place = {query, key};
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", picture.step());
        row.put("layer", picture.layer());
        row.put("head", picture.head());
        row.put("query", query);
        row.put("key", key);
        row.put("attention", picture.probabilities()[query][key]);
        if (truth.length > 0) {
          row.put("true_key", marks.stream().anyMatch(m -> Arrays.equals(m, place)) ? 1 : 0);
        }
        context.data().row(row);
      }
    }
  }

  /** The framed cells of a pattern; one of a single row is that of the last query. */
  private List<double[]> marks(double[][] pattern) {
    int rows = pattern.length;
    int columns = rows == 0 ? 0 : pattern[0].length;
    int above = rows == 1 ? columns - 1 : 0;
    return Arrays.stream(truth)
        .map(pair -> new double[] {pair[0] - above, pair[1]})
        .filter(cell -> cell[0] >= 0 && cell[0] < rows && cell[1] < columns)
        .toList();
  }

  private Panel panel(
      Optional<Picture> picture,
      ColorScale colors,
      double size,
      String queryLabel,
      String keyLabel) {
    double[][] given = picture.map(Picture::probabilities).orElse(new double[0][]);
    int rows = given.length;
    int columns = rows == 0 ? 0 : given[0].length;
    boolean masked = rows > 1 && rows == columns && causal;
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
    return framed(panel, marks(given));
  }

  private static Panel framed(Panel panel, List<double[]> marks) {
    return marks.isEmpty()
        ? panel
        : panel
            .with(
                new Layer.Frames(
                    marks.stream().mapToDouble(m -> m[1]).toArray(),
                    marks.stream().mapToDouble(m -> m[0]).toArray(),
                    TRUTH))
            .noting("Frames: keys that their queries should attend to, as far as the task says.");
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

  /** What a causal mask hides is no attention of 0: it is missing. */
  private static double[][] withoutFuture(double[][] given) {
    double[][] z = new double[given.length][];
    for (int query = 0; query < z.length; query++) {
      z[query] = given[query].clone();
      Arrays.fill(z[query], query + 1, z[query].length, Double.NaN);
    }
    return z;
  }

  private static double[] indices(int n) {
    return IntStream.range(0, n).asDoubleStream().toArray();
  }
}
