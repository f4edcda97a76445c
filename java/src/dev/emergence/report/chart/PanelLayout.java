package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.List;

/** Scales, marks and the room that one panel needs around its drawing area. */
final class PanelLayout {
  static final double ROW = 15.5;
  static final double SWATCH = 24;
  static final double BAR = 12;
  static final double BAR_GAP = 14;
  static final double NOTE_ROW = 12.5;
  static final double TICK_LENGTH = 4;
  private static final double EDGE = 8;
  private static final double LEGEND_GAP = 14;
  private static final double MOST_LABEL = 150;
  private static final int MOST_NOTE_LINES = 4;

  final Panel panel;
  final AxisScale xScale;
  final AxisScale yScale;
  final Ticks xTicks;
  final Ticks yTicks;
  final Ticks barTicks;
  final List<String> notes;
  final boolean empty;

  private PanelLayout(Panel panel) {
    this.panel = panel;
    Extent x = Extent.of(panel.layers(), true, panel.x().scale());
    Extent y = Extent.of(panel.layers(), false, panel.y().scale());
    empty = x.isEmpty() || y.isEmpty();
    xScale = AxisScale.of(panel.x(), x, hasHeatMap());
    yScale = AxisScale.of(panel.y(), y, hasHeatMap());
    xTicks = Ticks.of(panel.x(), xScale, panel.width(), xRoom());
    yTicks = Ticks.of(panel.y(), yScale, panel.height(), 2 * TextStyle.TICK);
    barTicks =
        panel
            .colorBar()
            .map(b -> barTicks(b.colors()))
            .orElse(new Ticks(List.of(), RichText.EMPTY));
    notes = wrapped(allNotes(x, y));
  }

  static PanelLayout of(Panel panel) {
    return new PanelLayout(panel);
  }

  boolean hasHeatMap() {
    return panel.layers().stream().anyMatch(l -> l instanceof Layer.HeatMap);
  }

  private double xRoom() {
    double widest =
        panel.x().ticks().stream()
            .mapToDouble(v -> RichText.ofNumber(v).width(TextStyle.TICK))
            .max()
            .orElse(34);
    return Math.max(16, widest + 6);
  }

  private Ticks barTicks(ColorScale colors) {
    Axis axis = Axis.of(RichText.EMPTY, colors.scale());
    return Ticks.of(
        axis,
        AxisScale.exactly(colors.scale(), colors.from(), colors.to()),
        barHeight(),
        2 * TextStyle.TICK);
  }

  double barHeight() {
    return panel.height();
  }

  private List<String> allNotes(Extent x, Extent y) {
    List<String> all = new ArrayList<>(panel.notes());
    int hidden = x.hidden() + y.hidden();
    if (hidden > 0) {
      all.add(
          hidden
              + (hidden == 1 ? " value has" : " values have")
              + " no place on these axes (not positive, or infinite) and "
              + (hidden == 1 ? "is" : "are")
              + " not drawn.");
    }
    Outside.sentence(panel, xScale, yScale).ifPresent(all::add);
    if (empty && all.isEmpty()) {
      all.add("There is nothing to draw.");
    }
    return all;
  }

  private List<String> wrapped(List<String> sentences) {
    List<String> lines = new ArrayList<>();
    double width = left() + panel.width() + right() - 2 * EDGE;
    for (String sentence : sentences) {
      lines.addAll(wrap(sentence, width / TextStyle.NOTE));
    }
    return lines.size() <= MOST_NOTE_LINES ? lines : cut(lines);
  }

  private static List<String> cut(List<String> lines) {
    List<String> kept = new ArrayList<>(lines.subList(0, MOST_NOTE_LINES));
    kept.set(MOST_NOTE_LINES - 1, kept.get(MOST_NOTE_LINES - 1) + " …");
    return kept;
  }

  private static List<String> wrap(String sentence, double ems) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split("\\s+")) {
      String fitting = TextWidth.em(word) <= ems ? word : TextWidth.prefix(word, ems - 1) + "…";
      if (!line.isEmpty() && TextWidth.em(line + " " + fitting) > ems) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(fitting);
    }
    lines.add(line.toString());
    return lines;
  }

  double left() {
    double label = panel.y().label().isEmpty() ? 0 : TextStyle.LABEL + 8;
    return EDGE + label + labelWidth(yTicks) + tickRoom(panel.y());
  }

  private static double tickRoom(Axis axis) {
    return axis.bare() ? 2 : TICK_LENGTH + 4;
  }

  static double labelWidth(Ticks ticks) {
    return ticks.marks().stream().mapToDouble(t -> t.label().width(TextStyle.TICK)).max().orElse(0);
  }

  /** Distance from the drawing area down to the base line of the x label. */
  double xLabelDrop() {
    return (panel.x().bare() ? 4 : TICK_LENGTH + 4 + TextStyle.TICK) + TextStyle.LABEL + 4;
  }

  double bottom() {
    double label =
        panel.x().label().isEmpty()
            ? (panel.x().bare() ? 4 : TICK_LENGTH + 6 + TextStyle.TICK)
            : xLabelDrop() + 5;
    return label + (notes.isEmpty() ? 0 : 4 + NOTE_ROW * notes.size()) + 4;
  }

  double top() {
    return EDGE
        + (panel.title().isEmpty() ? 0 : TextStyle.LABEL + 8)
        + (yTicks.multiplier().isEmpty() ? 0 : TextStyle.TICK + 4);
  }

  double right() {
    return EDGE + Math.max(overhang(), barWidth() + legendWidth());
  }

  private double overhang() {
    double last =
        xTicks.marks().isEmpty()
            ? 0
            : xTicks.marks().get(xTicks.marks().size() - 1).label().width(TextStyle.TICK) / 2;
    return Math.max(
        4,
        Math.max(
            last,
            xTicks.multiplier().isEmpty() ? 0 : xTicks.multiplier().width(TextStyle.TICK) / 2 + 8));
  }

  double barWidth() {
    if (panel.colorBar().isEmpty()) {
      return 0;
    }
    double label = panel.colorBar().get().label().isEmpty() ? 0 : TextStyle.LABEL + 8;
    return BAR_GAP + BAR + TICK_LENGTH + 3 + labelWidth(barTicks) + label;
  }

  double legendWidth() {
    Legend legend = panel.legend();
    if (legend.entries().isEmpty()) {
      return 0;
    }
    double widest = legend.title().width(TextStyle.TICK);
    for (Legend.Entry e : legend.entries()) {
      widest = Math.max(widest, SWATCH + 6 + e.label().width(TextStyle.TICK));
    }
    return LEGEND_GAP + Math.min(widest, MOST_LABEL + SWATCH);
  }

  /** Entries that fit beside the drawing area; the last one says how many are left out. */
  List<Legend.Entry> legendEntries() {
    Legend legend = panel.legend();
    int rows =
        (int)
            Math.max(2, Math.floor((panel.height() - (legend.title().isEmpty() ? 0 : ROW)) / ROW));
    int n = legend.entries().size();
    if (n <= rows) {
      return legend.entries();
    }
    List<Legend.Entry> kept = new ArrayList<>();
    int shown = rows - 1;
    for (int k = 0; k < shown; k++) {
      kept.add(
          legend.entries().get(shown == 1 ? 0 : (int) Math.round(k * (n - 1.0) / (shown - 1))));
    }
    kept.add(
        new Legend.Entry(
            RichText.plain("and " + (n - shown) + " more"),
            Palette.FAINT,
            java.util.Optional.empty(),
            java.util.Optional.empty()));
    return kept;
  }
}
