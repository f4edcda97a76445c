package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;

/** Paints a laid-out figure. */
final class FigurePainter {
  private final Canvas canvas;

  FigurePainter(Canvas canvas) {
    this.canvas = canvas;
  }

  void paint(FigureLayout layout) {
    Style style = layout.figure().style();
    double base = 1.46 * style.title();
    for (RichText line : layout.title()) {
      TextStyle text = TextStyle.of(style.title(), Anchor.MIDDLE).inBold();
      canvas.text(line, layout.width() / 2, base, text);
      base += FigureLayout.TITLE_ROW * style.title();
    }
    if (layout.placed().isEmpty()) {
      TextStyle text = TextStyle.of(style.note(), Anchor.MIDDLE).in(Palette.FAINT);
      canvas.text(
          RichText.plain("There is nothing to draw."),
          layout.width() / 2,
          layout.height() - 12,
          text);
    }
    for (FigureLayout.Placed placed : layout.placed()) {
      new PanelPainter(canvas, placed.layout(), placed.box()).paint();
    }
    new LegendPainter(canvas, style)
        .paint(layout.legend(), layout.legendBox().x(), layout.legendBox().y());
    double at = layout.notesTop() + style.note();
    for (String line : layout.notes()) {
      TextStyle text = TextStyle.of(style.note(), Anchor.START).in(Palette.FAINT);
      canvas.text(RichText.plain(line), 8, at, text);
      at += style.noteRow();
    }
  }
}
