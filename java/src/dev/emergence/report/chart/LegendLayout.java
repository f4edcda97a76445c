package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * A legend in a given width: its texts in lines, its entries in columns.
 *
 * @param title above the entries, in lines
 * @param entries what is drawn, with their texts in lines
 * @param columns how many entries stand side by side
 * @param columnWidth room of one of them
 * @param width of all
 * @param height of all
 */
record LegendLayout(
    List<RichText> title,
    List<Row> entries,
    int columns,
    double columnWidth,
    double width,
    double height) {
  static final LegendLayout NONE = new LegendLayout(List.of(), List.of(), 1, 0, 0, 0);

  /**
   * Beyond this many entries a legend shows some of them, evenly spread. Those in the neutral
   * colour are always shown: they say what a stroke or sign means, not which value a colour has.
   */
  private static final int MOST = 48;

  private static final int MOST_LINES = 3;
  private static final double GAP = 6;

  /** One entry with its text in lines. */
  record Row(Legend.Entry entry, List<RichText> lines) {}

  /**
   * Beside a panel, with every text in one line: it may come out wider than the room.
   *
   * @param room the width that may be taken
   * @param height after which a second column begins
   */
  static LegendLayout beside(Legend legend, Style style, double room, double height) {
    if (legend.entries().isEmpty()) {
      return NONE;
    }
    List<Legend.Entry> shown = shown(legend.entries());
    List<Row> rows = rows(shown, style, Double.POSITIVE_INFINITY);
    double lines = rows.stream().mapToInt(r -> r.lines().size()).sum();
    int columns = (int) Math.max(1, Math.ceil(lines * style.row() / Math.max(height, 120)));
    while (columns > 1 && columns * widest(rows, style) > room) {
      columns--;
    }
    return of(legend.title(), rows, columns, style, room);
  }

  /** Below a panel or a figure that is so wide: as many columns as fit. */
  static LegendLayout below(Legend legend, Style style, double room) {
    if (legend.entries().isEmpty()) {
      return NONE;
    }
    List<Row> rows = rows(shown(legend.entries()), style, room - style.swatch() - GAP);
    int columns = (int) Math.max(1, Math.floor((room + 10) / (widest(rows, style) + 10)));
    return of(legend.title(), rows, Math.min(columns, rows.size()), style, room);
  }

  private static LegendLayout of(
      RichText title, List<Row> rows, int columns, Style style, double room) {
    double column = widest(rows, style) + (columns > 1 ? 10 : 0);
    List<RichText> head =
        title.isEmpty()
            ? List.of()
            : Wording.lines(title, style.tick(), Math.max(room, column), MOST_LINES);
    double titleWidth = head.stream().mapToDouble(t -> t.width(style.tick())).max().orElse(0);
    double height = head.size() * style.row();
    for (int first = 0; first < rows.size(); first += columns) {
      height += rowHeight(rows, first, columns, style);
    }
    double width = Math.max(columns * column - (columns > 1 ? 10 : 0), titleWidth);
    return new LegendLayout(head, rows, columns, column, width, height);
  }

  /** The entries run from left to right; each row is as high as its highest entry. */
  static double rowHeight(List<Row> rows, int first, int columns, Style style) {
    int lines = 1;
    for (int k = first; k < Math.min(first + columns, rows.size()); k++) {
      lines = Math.max(lines, rows.get(k).lines().size());
    }
    return lines * style.row();
  }

  private static double widest(List<Row> rows, Style style) {
    double widest = 0;
    for (Row row : rows) {
      for (RichText line : row.lines()) {
        widest = Math.max(widest, style.swatch() + GAP + line.width(style.tick()));
      }
    }
    return widest;
  }

  private static List<Row> rows(List<Legend.Entry> entries, Style style, double room) {
    List<RichText> labels = entries.stream().map(Legend.Entry::label).toList();
    List<RichText> texts = Wording.shortened(labels, style.tick(), room);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      rows.add(
          new Row(
              entries.get(i),
              Wording.lines(texts.get(i), style.tick(), Math.max(room, 40), MOST_LINES)));
    }
    return rows;
  }

  private static List<Legend.Entry> shown(List<Legend.Entry> entries) {
    List<Legend.Entry> values = entries.stream().filter(e -> !isMeaning(e)).toList();
    int n = values.size();
    int some = 11;
    if (entries.size() <= MOST || n <= some) {
      return entries;
    }
    List<Legend.Entry> kept = new ArrayList<>();
    for (int k = 0; k < some; k++) {
      kept.add(values.get((int) Math.round(k * (n - 1.0) / (some - 1))));
    }
    kept.add(Legend.Entry.words(RichText.plain("and " + (n - some) + " more")));
    entries.stream().filter(LegendLayout::isMeaning).forEach(kept::add);
    return kept;
  }

  private static boolean isMeaning(Legend.Entry entry) {
    return entry.color().equals(Palette.REFERENCE);
  }
}
