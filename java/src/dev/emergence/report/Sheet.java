package dev.emergence.report;

import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.FontsMissing;
import dev.emergence.spec.FigureSpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A figure in the forms that it is written in, each drawn once. Figures of very many runs take
 * seconds to draw.
 */
final class Sheet {
  /** Letters of lines beyond which a page shows a picture of them: browsers draw these slowly. */
  static final int MOST_LINES = 2_000_000;

  private static final Pattern WIDTH = Pattern.compile("<svg[^>]* width=\"([^\"]*)\"");

  private final Figure figure;
  private final FigureSpec spec;
  private String svg = "";
  private byte[] png = {};

  /**
   * @param spec how figures are written
   */
  Sheet(Figure figure, FigureSpec spec) {
    this.figure = figure;
    this.spec = spec;
  }

  String svg() {
    if (svg.isEmpty()) {
      svg = figure.svg();
    }
    return svg;
  }

  byte[] png() throws FontsMissing {
    if (png.length == 0) {
      png = figure.png(spec.dpi());
    }
    return png;
  }

  /**
   * What a page shows: the lines themselves, or, where they would make the page too large, a
   * picture.
   *
   * @param name of the plot
   */
  String html(String name) {
    if (svg().length() <= MOST_LINES) {
      return svg();
    }
    try {
      String data = Base64.getEncoder().encodeToString(png());
      return "<img alt=\"%s\" style=\"width: %s\" src=\"data:image/png;base64,%s\">"
              .formatted(Html.escape(name), width(), data)
          + "<p class=\"note\">"
          + Html.escape(why(name))
          + "</p>";
    } catch (FontsMissing e) {
      return svg();
    }
  }

  private String why(String name) {
    String where = " plots/" + name + ".svg has them.";
    return "A picture, because the lines of this figure would make the page "
        + svg().length() / 1_000_000
        + " MB larger."
        + (spec.formats().contains(FigureSpec.Format.SVG) ? where : "");
  }

  /** As the lines would have it. */
  private String width() {
    Matcher width = WIDTH.matcher(svg());
    String found = width.find() ? width.group(1) : "100%";
    return found.matches("[0-9.]+") ? found + "px" : found;
  }
}
