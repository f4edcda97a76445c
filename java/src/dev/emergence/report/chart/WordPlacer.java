package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** Places words in a panel where they touch no other words. */
final class WordPlacer {
  /** Opacity of a plate: what is drawn behind words stays visible. */
  private static final double PLATE = 0.75;

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
   * Words above or below a line across the panel, where the least of what is drawn runs through
   * them: as far to the right as there is such a place. Where lines run through every place, the
   * words stand on a pale plate. A line outside the panel has no words.
   */
  void along(RichText words, double at, TextStyle text, Ink ink) {
    if (words.isEmpty() || at < box.y() || at > box.bottom()) {
      return;
    }
    double size = text.size();
    double width = words.width(size);
    Spot best = new Spot(box.right() - 2, at - 3.5, Double.POSITIVE_INFINITY);
    for (double right = box.right() - 2; right - width >= box.x(); right -= size / 2) {
      for (double baseline : new double[] {at - 3.5, at + size + 1}) {
        Box place = letters(right, baseline, width, size);
        boolean inside = place.y() >= box.y() - 1 && place.bottom() <= box.bottom();
        if (best.covered() > 0 && inside && isFree(place, size)) {
          double covered = ink.within(place);
          best = covered < best.covered() ? new Spot(right, baseline, covered) : best;
        }
      }
    }
    Box place = letters(best.right(), best.baseline(), width, size);
    taken.add(place);
    if (best.covered() > 0 && Double.isFinite(best.covered())) {
      plate(place);
    }
    canvas.text(words, best.right(), best.baseline(), text);
  }

  /** Where words end, and the length of what is drawn behind them. */
  private record Spot(double right, double baseline, double covered) {}

  /** Words in one row keep half a letter apart. */
  private boolean isFree(Box place, double size) {
    Box wide = new Box(place.x() - size / 2, place.y(), place.width() + size, place.height());
    return taken.stream().noneMatch(wide::touches);
  }

  /** The room of letters, from the top of capitals to the end of descenders. */
  private static Box letters(double right, double baseline, double width, double size) {
    return new Box(right - width, baseline - 0.76 * size, width, 0.98 * size);
  }

  private void plate(Box place) {
    double left = place.x() - 1.5;
    double right = place.right() + 1.5;
    canvas.area(
        new double[] {left, right, right, left},
        new double[] {place.y(), place.y(), place.bottom(), place.bottom()},
        Palette.clear(Color.WHITE, PLATE),
        Pen.solid(Color.WHITE, 0));
  }
}
