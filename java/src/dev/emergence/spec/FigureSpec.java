package dev.emergence.spec;

import java.util.List;

/**
 * How all figures of a file look, for a paper or a lab: a file that says nothing else can be shared
 * and taken over with {@code extends}. Never part of a run's identity.
 */
public record FigureSpec(
    @Key(
            doc =
                "Width of every figure: screen (as large as it is drawn), column, page, or a length"
                    + " such as 85mm.",
            value = "screen")
        String width,
    @Key(doc = "Width that column stands for.", value = "85mm") String column,
    @Key(doc = "Width that page stands for.", value = "178mm") String page,
    @Key(doc = "Font sizes of figures with a width on paper.", value = "{}") Fonts fonts,
    @Key(
            doc = "Factor on the widths of lines and the size of signs on paper.",
            value = "0.85",
            min = 0.1,
            max = 10)
        double strokes,
    @Key(
            doc =
                "Colours of series, such as [\"#0072B2\", \"#D55E00\"], in place of ours; one that"
                    + " is too pale on white is warned about.",
            value = "[]")
        List<String> colors,
    @Key(doc = "Files that are written for each figure.", value = "[svg, png, pdf, csv]")
        List<Format> formats,
    @Key(doc = "Resolution of PNG files in dots an inch.", value = "192", min = 30, max = 2400)
        int dpi,
    @Key(
            doc =
                "Where the sentences go that say what the marks are and how many seeds stand behind"
                    + " them: under the figure, or apart, in a text file beside it.",
            value = "under")
        Notes notes) {
  /** What is used where a file says nothing. */
  public static final FigureSpec PLAIN = Defaults.with(FigureSpec.class, java.util.Map.of());

  /** Font sizes in points. */
  public record Fonts(
      @Key(doc = "Titles and panel letters, in points.", value = "9", min = 1, max = 100)
          double title,
      @Key(doc = "Axis labels, in points.", value = "8", min = 1, max = 100) double labels,
      @Key(doc = "Numbers at axes, and legends, in points.", value = "7", min = 1, max = 100)
          double ticks,
      @Key(doc = "Sentences under the figure, in points.", value = "6.5", min = 1, max = 100)
          double notes,
      @Key(
              doc = "Font families of SVG files, as CSS has them.",
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
