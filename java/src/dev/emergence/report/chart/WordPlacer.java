package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;
import java.util.ArrayList;
import java.util.List;

/** Places words in a panel where they touch no other words. */
final class WordPlacer {
  private final Canvas canvas;
  private final Box box;
  private final Style style;
  private final List<Box> taken = new ArrayList<>();

  WordPlacer(Canvas canvas, Box box, Style style) {
    this.canvas = canvas;
    this.box = box;
    this.style = style;
  }

  /**
   * Words to the right of a point, or to its left, at its height or a line above or below: where
   * they first stay in the panel and touch no other words. Where there is no such place, none.
   */
  void beside(RichText words, double px, double py, Mark mark) {
    double size = style.note();
    double clear = mark.marker() == Marker.DASH ? 2.8 * style.sign() * mark.size() : style.sign();
    double width = words.width(size);
    for (double line : new double[] {0, -1, 1}) {
      for (double left : new double[] {px + clear + 2.5, px - clear - 2.5 - width}) {
        double baseline = py - 0.5 * style.sign() + line * 1.1 * size;
        Box place = new Box(left, baseline - size, width, 1.1 * size);
        boolean inside = left >= box.x() && place.right() + 0.5 <= box.right();
        if (inside && taken.stream().noneMatch(place::touches)) {
          taken.add(place);
          canvas.text(words, left, baseline, TextStyle.of(size, Anchor.START));
          return;
        }
      }
    }
  }

  /**
   * Words at the right end of a line across the panel: above it, or below it where they would touch
   * other words there, or further to the left.
   */
  void along(RichText words, double at, TextStyle text) {
    double size = text.size();
    double width = words.width(size);
    double above = at - 3.5;
    double below = at + size + 1;
    for (double right = box.right() - 2; right - width >= box.x(); right -= width + size) {
      for (double baseline : new double[] {above, below}) {
        Box place = new Box(right - width, baseline - size, width, 1.1 * size);
        boolean inside = place.y() >= box.y() - size && place.bottom() <= box.bottom();
        if (inside && taken.stream().noneMatch(place::touches)) {
          taken.add(place);
          canvas.text(words, right, baseline, text);
          return;
        }
      }
    }
    canvas.text(words, box.right() - 2, above, text);
  }
}
