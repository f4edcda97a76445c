package dev.emergence.report.chart;

import dev.emergence.report.chart.RichText.Level;
import java.awt.Color;
import java.util.Base64;
import java.util.Locale;

/** Writes an SVG 1.1 document: compact, self-contained, text as text. */
final class SvgCanvas implements Canvas {
  private final StringBuilder body = new StringBuilder();
  private final double width;
  private final double height;
  private final Size size;
  private final String family;
  private final String title;
  private int clips;

  /**
   * @param size of the document on paper, where it has one
   * @param title what a reader who cannot see the picture is told
   */
  SvgCanvas(double width, double height, Size size, String family, String title) {
    this.width = width;
    this.height = height;
    this.size = size;
    this.family = family;
    this.title = title;
  }

  /** Width and height: in millimetres when the figure has a size on paper. */
  private String extent() {
    if (!size.hasWidth() && !size.hasHeight()) {
      return number(width) + "\" height=\"" + number(height);
    }
    return number(Size.millimetres(width))
        + "mm\" height=\""
        + number(Size.millimetres(height))
        + "mm";
  }

  String document() {
    // Ids of clip paths are made from the content, so that several figures can stand in one page.
    String id = "c" + Integer.toHexString(body.toString().hashCode()) + "-";
    String extent = extent();
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
        + " version=\"1.1\" width=\""
        + extent
        + "\" viewBox=\"0 0 "
        + number(width)
        + " "
        + number(height)
        + "\" font-family=\""
        + family
        + "\" role=\"img\">\n"
        + (title.isEmpty() ? "" : "<title>" + escape(title) + "</title>\n")
        + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
        + body.toString().replace(CLIP, id)
        + "</svg>\n";
  }

  /** Stands for the document's clip prefix until that is known; cannot occur in escaped text. */
  private static final String CLIP = "<clip>";

  @Override
  public void line(double[] x, double[] y, int n, Pen pen) {
    if (n < 2) {
      return;
    }
    body.append("<polyline fill=\"none\"").append(stroke(pen)).append(" points=\"");
    points(x, y, n);
    body.append("\"/>\n");
  }

  @Override
  public void area(double[] x, double[] y, Color fill, Pen outline) {
    body.append("<polygon").append(fill(fill)).append(stroke(outline)).append(" points=\"");
    points(x, y, x.length);
    body.append("\"/>\n");
  }

  @Override
  public void disc(double x, double y, double radius, Color fill, Pen outline) {
    body.append("<circle cx=\"")
        .append(number(x))
        .append("\" cy=\"")
        .append(number(y))
        .append("\" r=\"")
        .append(number(radius));
    body.append('"').append(fill(fill)).append(stroke(outline)).append("/>\n");
  }

  @Override
  public void text(RichText text, double x, double y, TextStyle style) {
    String anchor =
        switch (style.anchor()) {
          case START -> "";
          case MIDDLE -> " text-anchor=\"middle\"";
          case END -> " text-anchor=\"end\"";
        };
    String place =
        style.turn() != 0
            ? " transform=\"translate("
                + number(x)
                + " "
                + number(y)
                + ") rotate("
                + number(-style.turn())
                + ")\""
            : " x=\"" + number(x) + "\" y=\"" + number(y) + "\"";
    body.append("<text")
        .append(place)
        .append(" font-size=\"")
        .append(number(style.size()))
        .append('"')
        .append(anchor);
    body.append(style.bold() ? " font-weight=\"bold\"" : "")
        .append(fill(style.color()))
        .append('>');
    double shift = 0;
    for (RichText.Span span : text.spans()) {
      double level =
          span.level() == Level.RAISED
              ? RichText.RISE
              : span.level() == Level.LOWERED ? RichText.FALL : 0;
      span(span, style.size(), (level - shift) * style.size());
      shift = level;
    }
    body.append("</text>\n");
  }

  private void span(RichText.Span span, double size, double dy) {
    boolean small = span.level() != Level.BASE;
    if (!small && dy == 0 && !span.italic()) {
      body.append(escape(span.text()));
      return;
    }
    body.append("<tspan");
    body.append(dy == 0 ? "" : " dy=\"" + number(dy) + "\"");
    body.append(small ? " font-size=\"" + number(RichText.SMALL * size) + "\"" : "");
    body.append(span.italic() ? " font-style=\"italic\"" : "");
    body.append('>').append(escape(span.text())).append("</tspan>");
  }

  @Override
  public void cells(Color[][] cells, Box box) {
    body.append("<image x=\"").append(number(box.x())).append("\" y=\"").append(number(box.y()));
    body.append("\" width=\"")
        .append(number(box.width()))
        .append("\" height=\"")
        .append(number(box.height()));
    body.append(
        "\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\""
            + " xlink:href=\"data:image/png;base64,");
    body.append(Base64.getEncoder().encodeToString(ImageCanvas.png(ImageCanvas.image(cells))))
        .append("\"/>\n");
  }

  @Override
  public void clipped(Box box, Runnable painting) {
    String id = CLIP + clips++;
    body.append("<clipPath id=\"")
        .append(id)
        .append("\"><rect x=\"")
        .append(number(box.x()))
        .append("\" y=\"")
        .append(number(box.y()));
    body.append("\" width=\"")
        .append(number(box.width()))
        .append("\" height=\"")
        .append(number(box.height()))
        .append("\"/></clipPath>\n");
    body.append("<g clip-path=\"url(#").append(id).append(")\">\n");
    painting.run();
    body.append("</g>\n");
  }

  private void points(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      body.append(i == 0 ? "" : " ").append(number(x[i])).append(',').append(number(y[i]));
    }
  }

  private static String fill(Color color) {
    String opacity =
        color.getAlpha() == 255 ? "" : " fill-opacity=\"" + number(color.getAlpha() / 255.0) + "\"";
    return " fill=\"" + hex(color) + "\"" + opacity;
  }

  private static String stroke(Pen pen) {
    if (pen.width() == 0) {
      return "";
    }
    StringBuilder out =
        new StringBuilder(" stroke=\"").append(hex(pen.color())).append("\" stroke-width=\"");
    out.append(number(pen.width())).append("\" stroke-linejoin=\"round\"");
    if (pen.color().getAlpha() < 255) {
      out.append(" stroke-opacity=\"").append(number(pen.color().getAlpha() / 255.0)).append('"');
    }
    double[] dashes = pen.style().dashes();
    for (int i = 0; i < dashes.length; i++) {
      out.append(i == 0 ? " stroke-dasharray=\"" : " ")
          .append(number(dashes[i] * Math.max(1, pen.width() * 0.8)));
      out.append(i == dashes.length - 1 ? "\"" : "");
    }
    return out.toString();
  }

  private static String hex(Color c) {
    return String.format(Locale.ROOT, "#%06x", c.getRGB() & 0xFFFFFF);
  }

  /** In hundredths of a pixel, without trailing zeros. */
  static String number(double v) {
    long hundredths = Math.round(v * 100);
    long size = Math.abs(hundredths);
    String fraction =
        size % 100 == 0
            ? ""
            : size % 10 == 0 ? "." + size % 100 / 10 : "." + size % 100 / 10 + size % 10;
    return (hundredths < 0 ? "-" : "") + size / 100 + fraction;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
