package dev.emergence.spec;

import java.util.List;

/**
 * How all figures of a file look, for a paper or a lab: a file that says nothing else can be shared
 * and taken over with {@code extends}. Never part of a run's identity.
 */
public record FigureSpec(
    @Key(
            doc =
                "Width of every figure: screen (no fixed size), column, page, or a"
                    + " length such as 85mm.",
            value = "screen")
        String width,
    @Key(doc = "Width of a column.", value = "85mm") String column,
    @Key(doc = "Width of a page.", value = "178mm") String page,
    @Key(doc = "Font sizes, for figures that have a width on paper.", value = "{}") Fonts fonts,
    @Key(
            doc = "Factor for the width of lines and the size of marks on paper.",
            value = "0.85",
            min = 0.1,
            max = 10)
        double strokes,
    @Key(
            doc =
                "Colours of the series, such as [\"#0072B2\", \"#D55E00\"], instead of the"
                    + " built-in ones. A colour that is too pale on white gives a warning.",
            value = "[]")
        List<String> colors,
    @Key(
            doc = "Formats in which each figure is written; csv has the numbers behind" + " it.",
            value = "[svg, png, pdf, csv]")
        List<Format> formats,
    @Key(doc = "Resolution of PNG files in dots per inch.", value = "192", min = 30, max = 2400)
        int dpi,
    @Key(
            doc =
                "Where the note is written that explains the marks and gives the number"
                    + " of seeds. under: under the figure; apart: in a text file beside it.",
            value = "under")
        Notes notes) {
  /** What is used where a file says nothing. */
  public static final FigureSpec PLAIN = Defaults.with(FigureSpec.class, java.util.Map.of());

  /** Font sizes in points. */
  public record Fonts(
      @Key(doc = "Titles and panel letters, in points.", value = "9", min = 1, max = 100)
          double title,
      @Key(doc = "Axis labels, in points.", value = "8", min = 1, max = 100) double labels,
      @Key(doc = "Numbers at the axes, and legends, in points.", value = "7", min = 1, max = 100)
          double ticks,
      @Key(doc = "The note under the figure, in points.", value = "6.5", min = 1, max = 100)
          double notes,
      @Key(
              doc = "Font families of SVG files, written as in CSS.",
              value = "'Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif'")
          String family) {}

  /** Kinds of file. */
  public enum Format {
    SVG,
    PNG,
    PDF,
    /** The numbers behind the figure. */
    CSV
  }

  /** Where the sentences about a figure go. */
  public enum Notes {
    UNDER,
    APART
  }
}
