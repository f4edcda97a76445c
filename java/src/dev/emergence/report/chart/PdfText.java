package dev.emergence.report.chart;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.io.IOException;
import java.text.Bidi;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.util.Matrix;

/**
 * Text as a PDF can have it: runs of letters that its font has, and outlines of the others.
 *
 * @param runs from left to right
 */
record PdfText(List<Run> runs) {
  /** Outlines are taken from a large font, whose letters no rounding has touched. */
  private static final int LARGE = 200;

  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  /**
   * A part of a text.
   *
   * @param width at font size 1
   * @param outline what is drawn at font size 1 in place of letters; empty for letters
   */
  record Run(String text, double width, Optional<Shape> outline) {}

  static PdfText of(String written, PDType0Font font) {
    String text = Normalizer.normalize(written, Normalizer.Form.NFC);
    if (Bidi.requiresBidi(text.toCharArray(), 0, text.length())) {
      return new PdfText(List.of(outlined(text)));
    }
    List<Run> runs = new ArrayList<>();
    int start = 0;
    boolean known = true;
    for (int at = 0; at <= text.length(); ) {
      boolean end = at == text.length();
      boolean now = end ? !known : has(font, text, at);
      if (now != known && at > start) {
        runs.add(run(text.substring(start, at), known, font));
        start = at;
      }
      known = now;
      at += end ? 1 : Character.charCount(text.codePointAt(at));
    }
    return new PdfText(runs);
  }

  double width() {
    return runs.stream().mapToDouble(Run::width).sum();
  }

  /**
   * Whether the font has a letter. One with a combining accent counts as lacking, because only a
   * layout engine knows where the accent goes.
   */
  private static boolean has(PDType0Font font, String text, int at) {
    int letter = text.codePointAt(at);
    int next = at + Character.charCount(letter);
    if (accent(letter) || (next < text.length() && accent(text.codePointAt(next)))) {
      return false;
    }
    try {
      font.encode(Character.toString(letter));
      return true;
    } catch (IOException | IllegalArgumentException lacking) {
      return false;
    }
  }

  private static boolean accent(int letter) {
    return Character.getType(letter) == Character.NON_SPACING_MARK;
  }

  private static Run run(String text, boolean known, PDType0Font font) {
    try {
      return known
          ? new Run(text, font.getStringWidth(text) / 1000, Optional.empty())
          : outlined(text);
    } catch (IOException inMemory) {
      throw new java.io.UncheckedIOException(inMemory);
    }
  }

  /** Drawn with the fonts of the machine, whatever they are. */
  private static Run outlined(String text) {
    try {
      Font large = new Font(Font.SANS_SERIF, Font.PLAIN, LARGE);
      TextLayout layout = new TextLayout(text, large, CONTEXT);
      AffineTransform small = AffineTransform.getScaleInstance(1.0 / LARGE, 1.0 / LARGE);
      return new Run(text, layout.getAdvance() / LARGE, Optional.of(layout.getOutline(small)));
    } catch (RuntimeException | LinkageError | InternalError noFonts) {
      return new Run(text, 0.6 * text.length(), Optional.of(new java.awt.geom.Path2D.Double()));
    }
  }

  /**
   * Fills an outline and leaves word of its text, so that it can be searched and copied. Readers
   * look for that text where letters are, so an invisible blank as wide as the outline goes along.
   */
  static void outline(
      PDPageContentStream page, Run run, Matrix place, double size, PDType0Font font)
      throws IOException {
    beginSpan(page, run.text());
    page.saveGraphicsState();
    page.beginText();
    page.setFont(font, (float) size);
    page.setRenderingMode(RenderingMode.NEITHER);
    double blank = font.getStringWidth(" ") / 1000;
    page.setHorizontalScaling((float) (100 * Math.max(0.01, run.width()) / blank));
    page.setTextMatrix(place);
    page.showText(" ");
    page.endText();
    page.restoreGraphicsState();
    page.saveGraphicsState();
    page.transform(place);
    AffineTransform scale = AffineTransform.getScaleInstance(size, -size);
    if (draw(page, run.outline().orElseThrow().getPathIterator(scale))) {
      page.fill();
    }
    page.restoreGraphicsState();
    page.endMarkedContent();
  }

  /** Written out in the content itself: not all readers look for it among the resources. */
  @SuppressWarnings("deprecation") // The library has no other way to write a dictionary inline.
  private static void beginSpan(PDPageContentStream page, String text) throws IOException {
    StringBuilder hex = new StringBuilder("FEFF");
    text.chars().forEach(c -> hex.append(String.format(Locale.ROOT, "%04X", c)));
    page.appendRawCommands("/Span <</ActualText <" + hex + ">>> BDC\n");
  }

  /**
   * @return whether there was anything
   */
  private static boolean draw(PDPageContentStream page, PathIterator path) throws IOException {
    float[] c = new float[6];
    float x = 0;
    float y = 0;
    boolean any = false;
    for (; !path.isDone(); path.next()) {
      any = true;
      int last = 0;
      switch (path.currentSegment(c)) {
        case PathIterator.SEG_MOVETO -> page.moveTo(c[0], c[1]);
        case PathIterator.SEG_LINETO -> page.lineTo(c[0], c[1]);
        case PathIterator.SEG_QUADTO -> {
          // A quadratic curve is a cubic one whose control points lie two thirds of the way.
          page.curveTo(
              x + 2 * (c[0] - x) / 3,
              y + 2 * (c[1] - y) / 3,
              c[2] + 2 * (c[0] - c[2]) / 3,
              c[3] + 2 * (c[1] - c[3]) / 3,
              c[2],
              c[3]);
          last = 2;
        }
        case PathIterator.SEG_CUBICTO -> {
          page.curveTo(c[0], c[1], c[2], c[3], c[4], c[5]);
          last = 4;
        }
        default -> page.closePath();
      }
      x = c[last];
      y = c[last + 1];
    }
    return any;
  }
}
