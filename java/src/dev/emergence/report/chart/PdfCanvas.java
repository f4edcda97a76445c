package dev.emergence.report.chart;

import dev.emergence.report.chart.RichText.Level;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.graphics.state.PDExtendedGraphicsState;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.util.Matrix;

/**
 * Paints one page of a PDF with Apache PDFBox. Text stays text, in Liberation Sans (letters as wide
 * as Helvetica's), of which the letters in use are embedded; what that font lacks, and text that
 * runs from right to left, is drawn as outlines that carry their text.
 */
final class PdfCanvas implements Canvas, AutoCloseable {
  /** Beside the library's classes, wherever the packing of the jar has put these. */
  private static final String FONT =
      "/"
          + PDDocument.class.getPackageName().replace(".pdmodel", "").replace('.', '/')
          + "/resources/ttf/LiberationSans-Regular.ttf";

  /** Points in a unit. */
  private static final double POINTS = 0.75;

  /** Tangent of the angle by which italic letters lean: the font is embedded upright only. */
  private static final double LEAN = 0.21;

  /** LaTeX embeds files up to this version without a warning. */
  private static final float VERSION = 1.5f;

  private final PDDocument document = new PDDocument();
  private final PDPageContentStream page;
  private final PDType0Font font;
  private final Map<Integer, PDExtendedGraphicsState> opacities = new HashMap<>();

  PdfCanvas(double width, double height, String title) {
    try (InputStream letters = PDDocument.class.getResourceAsStream(FONT)) {
      if (letters == null) {
        throw new IllegalStateException("the jar lacks " + FONT);
      }
      document.setVersion(VERSION);
      // The identity of a document would otherwise come from the clock.
      document.setDocumentId(1L);
      PDDocumentInformation about = new PDDocumentInformation();
      about.setTitle(title);
      about.setProducer("Emergence");
      document.setDocumentInformation(about);
      font = PDType0Font.load(document, letters, true);
      PDPage sheet =
          new PDPage(new PDRectangle((float) (width * POINTS), (float) (height * POINTS)));
      document.addPage(sheet);
      page = new PDPageContentStream(document, sheet);
      page.transform(
          new Matrix((float) POINTS, 0, 0, (float) -POINTS, 0, (float) (height * POINTS)));
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }

  /** The finished document. */
  byte[] document() {
    try {
      page.close();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out, CompressParameters.NO_COMPRESSION);
      return out.toByteArray();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }

  @Override
  public void close() {
    try {
      document.close();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }

  /** An operation on the page; it writes to memory and cannot fail. */
  private interface Writing {
    void to(PDPageContentStream page) throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.to(page);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }

  @Override
  public void line(double[] x, double[] y, int n, Pen pen) {
    if (n >= 2 && pen.width() > 0) {
      write(
          p -> {
            path(x, y, n);
            stroke(pen);
            p.stroke();
          });
    }
  }

  @Override
  public void area(double[] x, double[] y, Color fill, Pen outline) {
    write(
        p -> {
          path(x, y, x.length);
          p.closePath();
          filled(fill, outline);
        });
  }

  /** A circle of four Bézier curves. */
  @Override
  public void disc(double x, double y, double radius, Color fill, Pen outline) {
    double k = radius * 4 * (Math.sqrt(2) - 1) / 3;
    write(
        p -> {
          p.moveTo((float) (x + radius), (float) y);
          curve(x + radius, y + k, x + k, y + radius, x, y + radius);
          curve(x - k, y + radius, x - radius, y + k, x - radius, y);
          curve(x - radius, y - k, x - k, y - radius, x, y - radius);
          curve(x + k, y - radius, x + radius, y - k, x + radius, y);
          p.closePath();
          filled(fill, outline);
        });
  }

  private void curve(double x1, double y1, double x2, double y2, double x3, double y3)
      throws IOException {
    page.curveTo((float) x1, (float) y1, (float) x2, (float) y2, (float) x3, (float) y3);
  }

  private void path(double[] x, double[] y, int n) throws IOException {
    page.moveTo((float) x[0], (float) y[0]);
    for (int i = 1; i < n; i++) {
      page.lineTo((float) x[i], (float) y[i]);
    }
  }

  private void filled(Color fill, Pen outline) throws IOException {
    fill(fill);
    if (outline.width() == 0) {
      page.fill();
    } else {
      stroke(outline);
      page.fillAndStroke();
    }
  }

  private void fill(Color color) throws IOException {
    opacity(color.getAlpha());
    page.setNonStrokingColor(new Color(color.getRGB() & 0xFFFFFF));
  }

  private void stroke(Pen pen) throws IOException {
    opacity(pen.color().getAlpha());
    page.setStrokingColor(new Color(pen.color().getRGB() & 0xFFFFFF));
    page.setLineWidth((float) pen.width());
    page.setLineJoinStyle(1);
    double[] dashes = pen.style().dashes();
    float[] pattern = new float[dashes.length];
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = (float) (dashes[i] * Math.max(1, pen.width() * 0.8));
    }
    page.setLineDashPattern(pattern, 0);
  }

  private void opacity(int alpha) throws IOException {
    PDExtendedGraphicsState state = opacities.get(alpha);
    if (state == null) {
      state = new PDExtendedGraphicsState();
      state.setNonStrokingAlphaConstant(alpha / 255f);
      state.setStrokingAlphaConstant(alpha / 255f);
      opacities.put(alpha, state);
    }
    page.setGraphicsStateParameters(state);
  }

  @Override
  public void text(RichText text, double x, double y, TextStyle style) {
    double width = 0;
    for (RichText.Span span : text.spans()) {
      width += PdfText.of(span.text(), font).width() * size(span, style);
    }
    double start =
        switch (style.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    double angle = -Math.toRadians(style.turn());
    for (RichText.Span span : text.spans()) {
      double level =
          span.level() == Level.RAISED
              ? RichText.RISE
              : span.level() == Level.LOWERED ? RichText.FALL : 0;
      PdfText words = PdfText.of(span.text(), font);
      double down = level * style.size();
      Matrix at = new Matrix();
      at.translate((float) x, (float) y);
      at.rotate(angle);
      at.translate((float) start, (float) down);
      write(p -> words(words, size(span, style), at, span.italic(), style));
      start += words.width() * size(span, style);
    }
  }

  private static double size(RichText.Span span, TextStyle style) {
    return style.size() * (span.level() == Level.BASE ? 1 : RichText.SMALL);
  }

  private void words(PdfText words, double size, Matrix at, boolean italic, TextStyle style)
      throws IOException {
    fill(style.color());
    double x = 0;
    for (PdfText.Run run : words.runs()) {
      Matrix place = at.clone();
      place.translate((float) x, 0);
      // The page is turned over so that y grows downwards; letters are turned back.
      place.concatenate(new Matrix(1, 0, italic ? (float) LEAN : 0, -1, 0, 0));
      if (run.outline().isEmpty()) {
        page.beginText();
        page.setFont(font, (float) size);
        page.setRenderingMode(style.bold() ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
        if (style.bold()) {
          stroke(Pen.solid(style.color(), 0.03 * size));
        }
        page.setTextMatrix(place);
        page.showText(run.text());
        page.endText();
      } else {
        PdfText.outline(page, run, place, size, font);
      }
      x += run.width() * size;
    }
  }

  @Override
  public void cells(Color[][] cells, Box box) {
    write(
        p -> {
          PDImageXObject image =
              LosslessFactory.createFromImage(document, ImageCanvas.image(cells));
          image.setInterpolate(false);
          opacity(255);
          p.drawImage(
              image,
              new Matrix(
                  (float) box.width(),
                  0,
                  0,
                  (float) -box.height(),
                  (float) box.x(),
                  (float) box.bottom()));
        });
  }

  @Override
  public void clipped(Box box, Runnable painting) {
    write(
        p -> {
          p.saveGraphicsState();
          p.addRect((float) box.x(), (float) box.y(), (float) box.width(), (float) box.height());
          p.clip();
          painting.run();
          p.restoreGraphicsState();
        });
  }
}
