package dev.emergence.report;

import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Size;
import dev.emergence.report.chart.Style;
import dev.emergence.spec.FigureSpec;
import dev.emergence.spec.Lengths;
import dev.emergence.spec.Look;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a file says about the look of all its figures, put on one of them. */
record Theme(FigureSpec spec) {
  private static final String SCREEN = "screen";

  /** The colours of series that the file asks for; none leaves ours. */
  List<Color> colors() {
    return spec.colors().stream().map(Color::decode).toList();
  }

  /** The figure in the size, fonts and words that were asked for. */
  Figure put(Figure figure, Look look) {
    Figure titled = look.title().isEmpty() ? figure : figure.titled(RichText.plain(look.title()));
    String width = look.size().width().isEmpty() ? spec.width() : look.size().width();
    boolean paper = !width.equals(SCREEN) || !look.size().height().isEmpty();
    Size size =
        paper
            ? Size.ofMillimetres(
                width.equals(SCREEN) ? Double.NaN : millimetres(width),
                look.size().height().isEmpty() ? Double.NaN : millimetres(look.size().height()))
            : Size.FREE;
    FigureSpec.Fonts f = spec.fonts();
    Style style =
        paper
            ? Style.inPoints(
                f.title(), f.labels(), f.ticks(), f.notes(), spec.strokes(), f.family())
            : Style.SCREEN;
    Figure out = titled.in(style, size).withNotes(spec.notes() == FigureSpec.Notes.UNDER);
    for (String pale : pale()) {
      out = out.noting(pale);
    }
    return out;
  }

  private double millimetres(String width) {
    String length =
        switch (width) {
          case "column" -> spec.column();
          case "page" -> spec.page();
          default -> width;
        };
    return Lengths.millimetres(length).orElse(Double.NaN);
  }

  private List<String> pale() {
    List<String> out = new ArrayList<>();
    for (String color : spec.colors()) {
      double contrast = Palette.contrast(Color.decode(color));
      if (contrast < Palette.LEAST_CONTRAST) {
        out.add(
            String.format(
                Locale.ROOT, "%s has a contrast of only %.1f to 1 to white.", color, contrast));
      }
    }
    return out;
  }
}
