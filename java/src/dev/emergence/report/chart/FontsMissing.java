package dev.emergence.report.chart;

/**
 * This Java finds no fonts (no fontconfig or no font files), so it can write no text into an image.
 * SVG needs none.
 */
public final class FontsMissing extends Exception {
  private static final long serialVersionUID = 1;

  FontsMissing(Throwable cause) {
    super(
        "this Java finds no fonts, so no PNG can be written (the SVG can); install fontconfig and a"
            + " font such as DejaVu: "
            + cause,
        cause);
  }
}
