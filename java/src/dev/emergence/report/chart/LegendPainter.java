package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;

/** Paints a laid-out legend. */
final class LegendPainter {
  private final Canvas canvas;
  private final Style style;

  LegendPainter(Canvas canvas, Style style) {
    this.canvas = canvas;
    this.style = style;
  }

  /** With its upper left corner at a place. */
  void paint(LegendLayout legend, double left, double top) {
    TextStyle text = TextStyle.of(style.tick(), Anchor.START);
    double at = top + style.tick();
    for (RichText line : legend.title()) {
      canvas.text(line, left, at, text);
      at += style.row();
    }
    for (int k = 0; k < legend.entries().size(); k++) {
      int column = k % legend.columns();
      entry(legend.entries().get(k), left + column * legend.columnWidth(), at, text);
      if (column == legend.columns() - 1) {
        at += LegendLayout.rowHeight(legend.entries(), k - column, legend.columns(), style);
      }
    }
  }

  private void entry(LegendLayout.Row row, double left, double at, TextStyle text) {
    Legend.Entry e = row.entry();
    double middle = at - 0.33 * style.tick();
    double right = left + style.swatch();
    e.line()
        .ifPresent(
            s ->
                canvas.line(
                    new double[] {left, right},
                    new double[] {middle, middle},
                    2,
                    new Pen(e.color(), 1.8 * style.stroke(), s)));
    e.mark().ifPresent(m -> MarkPainter.paint(canvas, (left + right) / 2, middle, m, style));
    double base = at;
    for (RichText line : row.lines()) {
      canvas.text(line, right + 6, base, text);
      base += style.row();
    }
  }
}
