package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.List;

/** Scales, marks and the room that one panel needs around its drawing area. */
final class PanelLayout {
  static final double BAR = 12;
  static final double BAR_GAP = 14;
  static final double LEGEND_GAP = 14;

  /** A legend beside a panel of free size is at most so wide; a wider one stands below. */
  private static final double MOST_LEGEND = 240;

  private static final double EDGE = 8;
  private static final double SLANT = 35;
  private static final double MOST_SLANTED = 120;

  /** Words beside the drawing area that are wider are shortened, and then broken. */
  private static final double MOST_WORD = 110;

  final Panel panel;
  final Style style;
  final double width;
  final double height;
  final AxisScale xScale;
  final AxisScale yScale;
  final Ticks xTicks;
  final Ticks yTicks;
  final Ticks barTicks;
  final boolean empty;

  /** Words on x that do not fit level are slanted. */
  final boolean slanted;

  final boolean legendBelow;
  final LegendLayout legend;
  final List<RichText> xLabel;
  final List<RichText> yLabel;
  final List<RichText> title;
  final List<RichText> barLabel;

  /** What the layout found out: numbers that have no place here. */
  final List<String> findings;

  private PanelLayout(
      Panel panel, Style style, double width, double height, double legendRoom, List<Layer> data) {
    this.panel = panel;
    this.style = style;
    this.width = width;
    this.height = height;
    Extent x = Extent.of(panel.layers(), true, panel.x().scale());
    Extent y = Extent.of(panel.layers(), false, panel.y().scale());
    empty = x.isEmpty() || y.isEmpty();
    xScale = AxisScale.of(panel.x(), Extent.of(data, true, panel.x().scale()), hasHeatMap());
    yScale = AxisScale.of(panel.y(), Extent.of(data, false, panel.y().scale()), hasHeatMap());
    slanted = slants();
    xTicks =
        Ticks.of(slanted ? shortWords(panel.x(), MOST_SLANTED) : panel.x(), xScale, width, xRoom());
    yTicks = Ticks.of(shortWords(panel.y(), MOST_WORD), yScale, height, 2 * style.tick());
    barTicks =
        panel
            .colorBar()
            .map(b -> barTicks(b.colors()))
            .orElse(new Ticks(List.of(), RichText.EMPTY));
    xLabel = Wording.label(panel.x().label(), style.label(), width + 40);
    yLabel = Wording.label(panel.y().label(), style.label(), height + 10);
    title = Wording.label(panel.title(), style.label(), width + 20);
    barLabel =
        panel
            .colorBar()
            .map(b -> Wording.label(b.label(), style.label(), Math.max(80, height)))
            .orElse(List.of());
    findings = findings();
    LegendLayout beside =
        LegendLayout.beside(panel.legend(), style, Math.min(legendRoom, MOST_LEGEND), height);
    legendBelow = beside.width() > legendRoom || beside.height() > 1.6 * height;
    legend =
        legendBelow ? LegendLayout.below(panel.legend(), style, left() + width - 2 * EDGE) : beside;
  }

  /**
   * @param width of the drawing area
   * @param height of the drawing area
   * @param legendRoom the widest that a legend beside the drawing area may be
   * @param data what the axes must show: the panel's own layers, or those of all panels
   */
  static PanelLayout of(
      Panel panel, Style style, double width, double height, double legendRoom, List<Layer> data) {
    return new PanelLayout(panel, style, width, height, legendRoom, data);
  }

  boolean hasHeatMap() {
    return panel.layers().stream().anyMatch(l -> l instanceof Layer.HeatMap);
  }

  private boolean slants() {
    double room = width / Math.max(1, panel.x().words().size()) - 4;
    return panel.x().words().stream()
        .anyMatch(
            w ->
                Wording.lines(w, style.tick(), room, 2).stream().anyMatch(l -> over(l, room))
                    || Wording.lines(w, style.tick(), room, 9).size() > 2);
  }

  private boolean over(RichText line, double room) {
    return line.width(style.tick()) > room || line.letters().endsWith("…");
  }

  /** The height at which words beside the drawing area do not touch; 0 without words. */
  static double rows(Panel panel, Style style) {
    List<RichText> words = Wording.shortened(panel.y().words(), style.tick(), MOST_WORD);
    int lines = words.stream().mapToInt(w -> rowWords(w, style).size()).max().orElse(0);
    return panel.y().bare() ? 0 : 1.15 * style.tick() * lines * words.size();
  }

  /** Long words lose what all of them begin and end with. */
  private Axis shortWords(Axis axis, double room) {
    List<RichText> words = Wording.shortened(axis.words(), style.tick(), room);
    return new Axis(
        axis.label(), axis.scale(), axis.from(), axis.to(), axis.ticks(), words, axis.bare());
  }

  /** Words under a tick, in lines. */
  List<RichText> words(RichText text) {
    double level = width / Math.max(1, panel.x().words().size()) - 4;
    return slanted
        ? Wording.lines(text, style.tick(), MOST_SLANTED, 2)
        : Wording.lines(text, style.tick(), level, 2);
  }

  /** Room that words on x take below their ticks. */
  private double wordsDrop() {
    double most = style.tick();
    for (Tick t : xTicks.marks()) {
      List<RichText> lines = words(t.label());
      double widest = Wording.widest(lines, style.tick());
      most =
          Math.max(
              most,
              slanted
                  ? widest * Math.sin(Math.toRadians(SLANT)) + lines.size() * style.tick()
                  : lines.size() * 1.15 * style.tick());
    }
    return most;
  }

  double slant() {
    return slanted ? SLANT : 0;
  }

  private double xRoom() {
    double widest =
        panel.x().ticks().stream()
            .mapToDouble(v -> RichText.ofNumber(v).width(style.tick()))
            .max()
            .orElse(3.2 * style.tick());
    return Math.max(16, widest + 6);
  }

  private Ticks barTicks(ColorScale colors) {
    Axis axis = Axis.of(RichText.EMPTY, colors.scale());
    AxisScale exact = AxisScale.exactly(colors.scale(), colors.from(), colors.to());
    return Ticks.of(axis, exact, height, 2 * style.tick());
  }

  private List<String> findings() {
    List<String> all = new ArrayList<>();
    int hidden = Unplaced.count(panel);
    if (hidden > 0) {
      all.add(
          hidden
              + (hidden == 1 ? " value has" : " values have")
              + " no place on these axes (not positive, or infinite) and "
              + (hidden == 1 ? "is" : "are")
              + " not drawn.");
    }
    Outside.sentence(panel, xScale, yScale).ifPresent(all::add);
    if (empty && all.isEmpty() && panel.notes().isEmpty()) {
      all.add("There is nothing to draw.");
    }
    return all;
  }

  double left() {
    double label = panel.y().label().isEmpty() ? 0 : yLabel.size() * 1.2 * style.label() + 6;
    double own = EDGE + label + labelWidth(yTicks) + tickRoom(panel.y());
    return Math.max(own, slantedOut() + EDGE);
  }

  /** How far slanted words reach to the left of the drawing area. */
  private double slantedOut() {
    double most = 0;
    for (int i = 0; slanted && i < xTicks.marks().size(); i++) {
      double place = (i + 0.5) * width / panel.x().words().size();
      for (RichText line : words(xTicks.marks().get(i).label())) {
        double reach = line.width(style.tick()) * Math.cos(Math.toRadians(SLANT));
        most = Math.max(most, reach - place);
      }
    }
    return most;
  }

  private double tickRoom(Axis axis) {
    return axis.bare() ? 2 : style.tickLength() + 4;
  }

  double labelWidth(Ticks ticks) {
    return Wording.widest(
        ticks.marks().stream().flatMap(t -> rowWords(t.label()).stream()).toList(), style.tick());
  }

  /** Words beside a tick of an upright axis, in lines. */
  List<RichText> rowWords(RichText text) {
    return rowWords(text, style);
  }

  private static List<RichText> rowWords(RichText text, Style style) {
    return Wording.lines(text, style.tick(), MOST_WORD + 20, 2);
  }

  private double tickDrop() {
    if (panel.x().bare()) {
      return 4;
    }
    return style.tickLength() + 4 + (panel.x().words().isEmpty() ? style.tick() : wordsDrop());
  }

  /** Distance from the drawing area down to the base line of the first line of the x label. */
  double xLabelDrop() {
    return tickDrop() + style.label() + 3;
  }

  /** Distance from the drawing area down to where a legend below begins. */
  double legendDrop() {
    double label =
        panel.x().label().isEmpty()
            ? tickDrop() + 4
            : xLabelDrop() + (xLabel.size() - 1) * 1.2 * style.label() + 5;
    return label
        + (xTicks.multiplier().isEmpty() || !panel.x().label().isEmpty() ? 0 : style.tick());
  }

  double bottom() {
    double below = legendDrop() + (legendBelow ? 4 + legend.height() : 0) + 4;
    double beside = legendBelow ? 0 : legend.height() - height + EDGE;
    return Math.max(below, Math.max(beside, overhang() + 2));
  }

  /** How far upright labels so long reach beyond each end of the drawing area. */
  private double overhang(double longest) {
    return Math.max(0, (longest - height) / 2);
  }

  private double overhang() {
    double label = style.label();
    return overhang(Math.max(Wording.widest(yLabel, label), Wording.widest(barLabel, label)));
  }

  /** How much higher the letter stands, above the multiplier of the ticks and an upright label. */
  double letterLift() {
    double lift = yTicks.multiplier().isEmpty() ? 0 : style.tick() + 4;
    return Math.max(lift, overhang(Wording.widest(yLabel, style.label())) - 5);
  }

  double top() {
    double title = panel.title().isEmpty() ? 0 : this.title.size() * 1.2 * style.label() + 5;
    double letter = panel.letter().isEmpty() ? 0 : style.title() + 5 + letterLift();
    double lift = yTicks.multiplier().isEmpty() ? 0 : style.tick() + 4;
    return Math.max(EDGE + Math.max(title + lift, letter), overhang() + 2);
  }

  double right() {
    double beside = legendBelow || legend.width() == 0 ? 0 : LEGEND_GAP + legend.width();
    return EDGE + Math.max(lastTick(), barWidth() + beside);
  }

  private double lastTick() {
    double last =
        xTicks.marks().isEmpty() || !panel.x().words().isEmpty()
            ? 0
            : xTicks.marks().get(xTicks.marks().size() - 1).label().width(style.tick()) / 2;
    return Math.max(
        4,
        Math.max(
            last,
            xTicks.multiplier().isEmpty() ? 0 : xTicks.multiplier().width(style.tick()) / 2 + 8));
  }

  double barWidth() {
    if (panel.colorBar().isEmpty()) {
      return 0;
    }
    double label =
        panel.colorBar().get().label().isEmpty() ? 0 : barLabel.size() * 1.2 * style.label() + 8;
    return BAR_GAP + BAR + style.tickLength() + 3 + labelWidth(barTicks) + label;
  }
}
