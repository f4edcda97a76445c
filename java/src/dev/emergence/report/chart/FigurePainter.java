package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;

/** Paints a laid-out figure. */
final class FigurePainter {
  private final Canvas canvas;

  FigurePainter(Canvas canvas) {
    this.canvas = canvas;
  }

  void paint(FigureLayout layout) {
    RichText title = layout.figure().title();
    if (!title.isEmpty()) {
      TextStyle style = TextStyle.of(TextStyle.LABEL + 1, Anchor.MIDDLE).inBold();
      canvas.text(
          title.within(style.size() * 1.08, layout.width() - 12), layout.width() / 2, 19, style);
    }
    if (layout.placed().isEmpty()) {
      TextStyle style = TextStyle.of(TextStyle.NOTE, Anchor.MIDDLE).in(Palette.FAINT);
      canvas.text(
          RichText.plain("There is nothing to draw."),
          layout.width() / 2,
          layout.height() - 12,
          style);
    }
    for (FigureLayout.Placed placed : layout.placed()) {
      new PanelPainter(canvas, placed.layout(), placed.box()).paint();
    }
  }
}
