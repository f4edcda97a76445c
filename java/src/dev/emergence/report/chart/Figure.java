package dev.emergence.report.chart;

import java.util.List;

/**
 * A picture: panels in rows.
 *
 * @param title above all panels; may be empty
 * @param panels row by row
 * @param columns panels in a row
 */
public record Figure(RichText title, List<Panel> panels, int columns) {
  public Figure {
    panels = List.copyOf(panels);
    if (columns < 1) {
      throw new IllegalArgumentException("a figure has at least 1 column, got " + columns);
    }
  }

  /** A figure of one panel. */
  public static Figure of(Panel panel) {
    return new Figure(RichText.EMPTY, List.of(panel), 1);
  }

  /** The figure as an SVG document; the same bytes on every machine. */
  public String svg() {
    FigureLayout layout = FigureLayout.of(this);
    SvgCanvas canvas = new SvgCanvas(layout.width(), layout.height(), letters());
    new FigurePainter(canvas).paint(layout);
    return canvas.document();
  }

  /**
   * The figure as a PNG of two pixels a unit.
   *
   * @throws FontsMissing when this Java has no fonts to write with
   */
  public byte[] png() throws FontsMissing {
    FigureLayout layout = FigureLayout.of(this);
    ImageCanvas canvas = ImageCanvas.create(layout.width(), layout.height());
    new FigurePainter(canvas).paint(layout);
    return canvas.png();
  }

  /** What a reader who cannot see it is told. */
  private String letters() {
    return title.isEmpty() && panels.size() == 1
        ? panels.get(0).title().letters()
        : title.letters();
  }
}
