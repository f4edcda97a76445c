package dev.emergence.report.chart;

import dev.emergence.report.chart.TextStyle.Anchor;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** Places words in a panel where they touch no other words. */
final class WordPlacer {
  /** Opacity of a plate: what is drawn behind words stays visible. */
  private static final double PLATE = 0.75;

  /** Lines that are nearer to each other than this are one. */
  private static final double SAME = 0.5;

  /** Height of capital letters as a share of the size of the font. */
  private static final double CAPITALS = 0.76;

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
   * A line across the panel.
   *
   * @param words of it
   * @param at its height
   * @param text how the words are written
   */
  record Across(RichText words, double at, TextStyle text) {
    private double[] baselines() {
      return new double[] {at - 3.5, at + text.size() + 1};
    }

    /** Whether another line lies between this one and words on a baseline. */
    private boolean isCutOff(Across other, double baseline) {
      double from = Math.min(at, baseline - CAPITALS * text.size());
      double to = Math.max(at, baseline);
      return Math.abs(other.at - at) > SAME && other.at >= from && other.at <= to;
    }
  }

  /**
   * Words above or below lines across the panel, where the least of what is drawn runs through
   * them: as far to the right as there is such a place. No other of the lines lies between words
   * and their own line; words for which there is no such place come last. Where something is drawn
   * in every place, the words stand on a pale plate. A line outside the panel has no words.
   */
  void along(List<Across> lines, Ink ink) {
    List<Across> inside =
        lines.stream()
            .filter(line -> !line.words().isEmpty())
            .filter(line -> line.at() >= box.y() && line.at() <= box.bottom())
            .toList();
    List<Across> left = new ArrayList<>();
    for (Across line : inside) {
      Spot spot = spot(line, inside, ink);
      if (Double.isFinite(spot.covered())) {
        write(line, spot);
      } else {
        left.add(line);
      }
    }
    left.forEach(line -> write(line, spot(line, List.of(), ink)));
  }

  /** Of the places for words the one that covers least; endless cover where there is none. */
  private Spot spot(Across line, List<Across> others, Ink ink) {
    double size = line.text().size();
    double width = line.words().width(size);
    Spot best = new Spot(box.right() - 2, line.baselines()[0], Double.POSITIVE_INFINITY);
    for (double right = box.right() - 2; right - width >= box.x(); right -= size / 2) {
      for (double baseline : line.baselines()) {
        Box place = letters(right, baseline, width, size);
        boolean fits = place.y() >= box.y() - 1 && place.bottom() <= box.bottom();
        boolean own = others.stream().noneMatch(other -> line.isCutOff(other, baseline));
        if (best.covered() > 0 && fits && own && isFree(place, size)) {
          double covered = ink.within(place);
          best = covered < best.covered() ? new Spot(right, baseline, covered) : best;
        }
      }
    }
    return best;
  }

  private void write(Across line, Spot spot) {
    double size = line.text().size();
    Box place = letters(spot.right(), spot.baseline(), line.words().width(size), size);
    taken.add(place);
    if (spot.covered() > 0 && Double.isFinite(spot.covered())) {
      plate(place);
    }
    canvas.text(line.words(), spot.right(), spot.baseline(), line.text());
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
    return new Box(right - width, baseline - CAPITALS * size, width, 0.98 * size);
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
