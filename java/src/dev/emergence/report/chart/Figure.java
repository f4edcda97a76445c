package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A picture: panels in rows.
 *
 * @param title above all panels; may be empty
 * @param panels row by row
 * @param columns panels in a row
 * @param notes sentences about all panels
 * @param notesInside whether the sentences stand under the figure; if not, {@link #caption} alone
 *     has them
 * @param style fonts and strokes
 * @param size of the document
 * @param sameAxes whether all panels have the range of all data
 */
public record Figure(
    RichText title,
    List<Panel> panels,
    int columns,
    List<String> notes,
    boolean notesInside,
    Style style,
    Size size,
    boolean sameAxes) {
  /** Pixels in a unit of an image for a screen. */
  private static final double SCREEN_SCALE = 2;

  /** Most panels that a sentence about some of them names. */
  private static final int MOST_TITLES = 3;

  /** Units in an inch. */
  private static final double UNITS = 96;

  public Figure {
    panels = List.copyOf(panels);
    notes = List.copyOf(notes);
    if (columns < 1) {
      throw new IllegalArgumentException("a figure has at least 1 column, got " + columns);
    }
  }

  /** A figure of free size for a screen. */
  public Figure(RichText title, List<Panel> panels, int columns) {
    this(title, panels, columns, List.of(), true, Style.SCREEN, Size.FREE, false);
  }

  /** A figure of one panel. */
  public static Figure of(Panel panel) {
    return new Figure(RichText.EMPTY, List.of(panel), 1);
  }

  /** The same figure with another title. */
  public Figure titled(RichText text) {
    return new Figure(text, panels, columns, notes, notesInside, style, size, sameAxes);
  }

  /** The same figure with one more sentence about all panels. */
  public Figure noting(String note) {
    List<String> all = new ArrayList<>(notes);
    all.add(note);
    return new Figure(title, panels, columns, all, notesInside, style, size, sameAxes);
  }

  /** The same figure with its sentences drawn under it, or in its caption only. */
  public Figure withNotes(boolean inside) {
    return new Figure(title, panels, columns, notes, inside, style, size, sameAxes);
  }

  /** The same figure in another style and size. */
  public Figure in(Style other, Size otherSize) {
    return new Figure(title, panels, columns, notes, notesInside, other, otherSize, sameAxes);
  }

  /** The same figure with one range, that of all data, on the axes of every panel. */
  public Figure onSameAxes() {
    return new Figure(title, panels, columns, notes, notesInside, style, size, true);
  }

  /**
   * What the figure has instead of the size that was asked for, where what must be drawn does not
   * fit in: {@code 110 mm wide instead of 85 mm}; empty where it has that size.
   */
  public Optional<String> outgrown() {
    FigureLayout layout = FigureLayout.of(this);
    List<String> sides = new ArrayList<>();
    side(layout.width(), size.width(), "wide").ifPresent(sides::add);
    side(layout.height(), size.height(), "high").ifPresent(sides::add);
    return sides.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", sides));
  }

  private static Optional<String> side(double has, double asked, String word) {
    return has <= asked || Double.isNaN(asked)
        ? Optional.empty()
        : Optional.of(millimetres(has) + " " + word + " instead of " + millimetres(asked));
  }

  private static String millimetres(double units) {
    return String.format(Locale.ROOT, "%.1f", Size.millimetres(units)).replace(".0", "") + " mm";
  }

  /** The figure as an SVG document; the same bytes on every machine. */
  public String svg() {
    FigureLayout layout = FigureLayout.of(this);
    SvgCanvas canvas =
        new SvgCanvas(layout.width(), layout.height(), size, style.family(), letters());
    new FigurePainter(canvas).paint(layout);
    return canvas.document();
  }

  /**
   * The figure as a PNG of two pixels a unit.
   *
   * @throws FontsMissing when this Java has no fonts to write with
   */
  public byte[] png() throws FontsMissing {
    return png(SCREEN_SCALE * UNITS);
  }

  /**
   * The figure as a PNG.
   *
   * @param dotsPerInch resolution; it stands in the file too, so that programs know its true size
   * @throws FontsMissing when this Java has no fonts to write with
   */
  public byte[] png(double dotsPerInch) throws FontsMissing {
    FigureLayout layout = FigureLayout.of(this);
    ImageCanvas canvas = ImageCanvas.create(layout.width(), layout.height(), dotsPerInch / UNITS);
    new FigurePainter(canvas).paint(layout);
    return canvas.png();
  }

  /** The figure as a PDF of one page with its fonts embedded; the same bytes on every machine. */
  public byte[] pdf() {
    FigureLayout layout = FigureLayout.of(this);
    try (PdfCanvas canvas = new PdfCanvas(layout.width(), layout.height(), letters())) {
      new FigurePainter(canvas).paint(layout);
      return canvas.document();
    }
  }

  /**
   * The sentences that stand, or would stand, under the figure. They say what its marks are, how
   * many seeds are behind them, and what is not shown and why.
   */
  public List<String> caption() {
    return FigureLayout.sentences(this, FigureLayout.of(this).panels());
  }

  /**
   * Sentences of the panels: those of a letter, which has the panels up to the next one, in one
   * paragraph, those of some among panels with titles under these titles, and once what all panels
   * share.
   */
  static List<String> merged(List<List<String>> ofPanels, List<Panel> panels) {
    Set<String> common = shared(ofPanels);
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    String letter = "";
    for (int i = 0; i < panels.size(); i++) {
      letter = panels.get(i).letter().isEmpty() ? letter : panels.get(i).letter().letters();
      groups.computeIfAbsent(letter, l -> new ArrayList<>()).add(i);
    }
    Set<String> out = new LinkedHashSet<>();
    groups.forEach(
        (of, members) -> {
          Set<String> own =
              together(
                  members.stream().map(ofPanels::get).toList(),
                  members.stream().map(panels::get).toList());
          own.removeAll(common);
          if (of.isEmpty()) {
            out.addAll(own);
          } else if (!own.isEmpty()) {
            out.add(of + " " + String.join(" ", own));
          }
        });
    out.addAll(common);
    return List.copyOf(out);
  }

  private static Set<String> shared(List<List<String>> ofPanels) {
    Set<String> common = new LinkedHashSet<>(ofPanels.isEmpty() ? List.of() : ofPanels.get(0));
    ofPanels.forEach(common::retainAll);
    return common;
  }

  /** Sentences of panels that belong together: those of some, and then those of all. */
  private static Set<String> together(List<List<String>> ofPanels, List<Panel> panels) {
    Set<String> common = shared(ofPanels);
    boolean titled = panels.stream().noneMatch(p -> p.title().isEmpty());
    Map<String, List<String>> some = new LinkedHashMap<>();
    for (int i = 0; i < ofPanels.size(); i++) {
      String title = panels.get(i).title().letters();
      ofPanels.get(i).stream()
          .filter(note -> !common.contains(note))
          .forEach(note -> some.computeIfAbsent(note, n -> new ArrayList<>()).add(title));
    }
    Set<String> out = new LinkedHashSet<>();
    some.forEach((note, of) -> out.add(titled ? of(of) + ": " + note : note));
    out.addAll(common);
    return out;
  }

  /** The panels that a sentence is about. */
  private static String of(List<String> titles) {
    int more = titles.size() - MOST_TITLES;
    return String.join("; ", titles.subList(0, Math.min(MOST_TITLES, titles.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** What a reader who cannot see it is told. */
  private String letters() {
    return title.isEmpty() && panels.size() == 1
        ? panels.get(0).title().letters()
        : title.letters();
  }
}
