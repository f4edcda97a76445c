package dev.emergence.execute.run;

import dev.emergence.result.Curve;
import dev.emergence.spec.Numeral;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Tells from a curve whether its run has diverged: a loss that is not finite, or far above where it
 * began and staying there.
 */
final class Explosion {
  private static final double FACTOR = 100;
  private static final int IN_A_ROW = 3;

  private Explosion() {}

  /** Why the run has diverged, as of the curve's last row. */
  static Optional<String> reason(Curve curve) {
    int last = curve.size() - 1;
    for (int column : losses(curve)) {
      String name = curve.columns().get(column);
      if (!Double.isFinite(curve.values()[last][column])) {
        return Optional.of(
            text("%s is not finite at step %.0f", name, curve.steps()[last]) + lastFinite(curve));
      }
      if (exploded(curve, column)) {
        return Optional.of(
            text(
                    "%s was over %.0f times its first value %s at %d evaluations in a row",
                    name, FACTOR, Numeral.of(curve.values()[0][column]), IN_A_ROW)
                + lastFinite(curve));
      }
    }
    return Optional.empty();
  }

  /** The last finite value of the first loss, for a message; empty when there is none. */
  static String lastFinite(Curve curve) {
    List<Integer> losses = losses(curve);
    for (int row = curve.size() - 1; row >= 0 && !losses.isEmpty(); row--) {
      double loss = curve.values()[row][losses.get(0)];
      if (Double.isFinite(loss)) {
        return text(
            "; last finite %s %s at step %.0f",
            curve.columns().get(losses.get(0)), Numeral.of(loss), curve.steps()[row]);
      }
    }
    return "";
  }

  private static boolean exploded(Curve curve, int column) {
    if (curve.size() <= IN_A_ROW) {
      return false;
    }
    for (int row = curve.size() - IN_A_ROW; row < curve.size(); row++) {
      if (curve.values()[row][column] <= FACTOR * curve.values()[0][column]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Columns of losses on test sets; the last batch's own is too noisy, and told by its absence at
   * step 0.
   */
  private static List<Integer> losses(Curve curve) {
    return IntStream.range(0, curve.columns().size())
        .filter(c -> curve.columns().get(c).endsWith(".loss") && curve.size() > 0)
        .filter(c -> !Double.isNaN(curve.values()[0][c]))
        .boxed()
        .toList();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
