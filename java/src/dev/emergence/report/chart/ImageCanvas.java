package dev.emergence.report.chart;

import dev.emergence.report.chart.RichText.Level;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Paints into an image. */
final class ImageCanvas implements Canvas {
  /** Units in a metre, for the resolution that a PNG carries. */
  private static final double UNITS_A_METRE = 96 / 0.0254;

  /** Larger pictures are painted smaller rather than exhausting the heap. */
  private static final double MOST_PIXELS = 48e6;

  private final BufferedImage image;
  private final Graphics2D graphics;
  private final double scale;

  private ImageCanvas(double width, double height, double asked) {
    scale = Math.min(asked, Math.sqrt(MOST_PIXELS / (width * height)));
    image =
        new BufferedImage(
            (int) Math.ceil(width * scale),
            (int) Math.ceil(height * scale),
            BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(scale, scale);
  }

  /**
   * A white canvas.
   *
   * @param scale pixels in a unit
   * @throws FontsMissing when text could not be written on it
   */
  static ImageCanvas create(double width, double height, double scale) throws FontsMissing {
    ImageCanvas canvas = new ImageCanvas(width, height, scale);
    try {
      canvas.graphics.getFontMetrics(canvas.font(10, false, false)).stringWidth("0");
    } catch (RuntimeException | LinkageError | InternalError missing) {
      // What Java throws without fontconfig differs by version: a null pointer, an internal error,
      // an unsatisfied link.
      throw new FontsMissing(missing);
    }
    return canvas;
  }

  byte[] png() {
    return PngResolution.set(png(image), scale * UNITS_A_METRE);
  }

  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", out);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return out.toByteArray();
  }

  /** One pixel a cell. */
  static BufferedImage image(Color[][] cells) {
    BufferedImage image =
        new BufferedImage(cells[0].length, cells.length, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < cells.length; row++) {
      for (int column = 0; column < cells[row].length; column++) {
        image.setRGB(column, row, cells[row][column].getRGB());
      }
    }
    return image;
  }

  @Override
  public void line(double[] x, double[] y, int n, Pen pen) {
    if (n >= 2) {
      draw(path(x, y, n), pen);
    }
  }

  @Override
  public void area(double[] x, double[] y, Color fill, Pen outline) {
    Path2D path = path(x, y, x.length);
    path.closePath();
    graphics.setColor(fill);
    graphics.fill(path);
    draw(path, outline);
  }

  @Override
  public void disc(double x, double y, double radius, Color fill, Pen outline) {
    Shape disc = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    graphics.setColor(fill);
    graphics.fill(disc);
    draw(disc, outline);
  }

  @Override
  public void text(RichText text, double x, double y, TextStyle style) {
    double width = 0;
    for (RichText.Span span : text.spans()) {
      width += width(span, style);
    }
    double start =
        switch (style.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.rotate(-Math.toRadians(style.turn()));
    graphics.setColor(style.color());
    for (RichText.Span span : text.spans()) {
      double level =
          span.level() == Level.RAISED
              ? RichText.RISE
              : span.level() == Level.LOWERED ? RichText.FALL : 0;
      graphics.setFont(font(span, style));
      graphics.drawString(span.text(), (float) start, (float) (level * style.size()));
      start += width(span, style);
    }
    graphics.setTransform(before);
  }

  private double width(RichText.Span span, TextStyle style) {
    return font(span, style)
        .getStringBounds(span.text(), graphics.getFontRenderContext())
        .getWidth();
  }

  private Font font(RichText.Span span, TextStyle style) {
    double size = style.size() * (span.level() == Level.BASE ? 1 : RichText.SMALL);
    return font(size, style.bold(), span.italic());
  }

  private Font font(double size, boolean bold, boolean italic) {
    return new Font(Font.SANS_SERIF, (bold ? Font.BOLD : 0) | (italic ? Font.ITALIC : 0), 10)
        .deriveFont((float) size);
  }

  @Override
  public void cells(Color[][] cells, Box box) {
    AffineTransform place = AffineTransform.getTranslateInstance(box.x(), box.y());
    place.scale(box.width() / cells[0].length, box.height() / cells.length);
    graphics.drawImage(image(cells), place, null);
  }

  @Override
  public void clipped(Box box, Runnable painting) {
    Shape before = graphics.getClip();
    graphics.clip(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
    painting.run();
    graphics.setClip(before);
  }

  private void draw(Shape shape, Pen pen) {
    if (pen.width() == 0) {
      return;
    }
    float[] dashes = new float[pen.style().dashes().length];
    for (int i = 0; i < dashes.length; i++) {
      dashes[i] = (float) (pen.style().dashes()[i] * Math.max(1, pen.width() * 0.8));
    }
    float width = (float) pen.width();
    graphics.setColor(pen.color());
    graphics.setStroke(
        dashes.length == 0
            ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
            : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
    graphics.draw(shape);
  }

  private static Path2D path(double[] x, double[] y, int n) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < n; i++) {
      if (i == 0) {
        path.moveTo(x[i], y[i]);
      } else {
        path.lineTo(x[i], y[i]);
      }
    }
    return path;
  }
}
