package dev.emergence.execute.run;

import dev.emergence.result.Curve;
import dev.emergence.spec.Numeral;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    for (String column : losses(curve)) {
      double[] loss = curve.column(column);
      int last = loss.length - 1;
      if (last >= 0 && !Double.isFinite(loss[last])) {
        return Optional.of(
            text("%s is not finite at step %.0f", column, curve.steps()[last]) + lastFinite(curve));
      }
      if (exploded(loss)) {
        return Optional.of(
            text(
                    "%s was over %.0f times its first value %s at %d evaluations in a row",
                    column, FACTOR, Numeral.of(loss[0]), IN_A_ROW)
                + lastFinite(curve));
      }
    }
    return Optional.empty();
  }

  /** The last finite value of the first loss, for a message; empty when there is none. */
  static String lastFinite(Curve curve) {
    List<String> losses = losses(curve);
    if (losses.isEmpty()) {
      return "";
    }
    double[] loss = curve.column(losses.get(0));
    for (int row = loss.length - 1; row >= 0; row--) {
      if (Double.isFinite(loss[row])) {
        return text(
            "; last finite %s %s at step %.0f",
            losses.get(0), Numeral.of(loss[row]), curve.steps()[row]);
      }
    }
    return "";
  }

  private static boolean exploded(double[] loss) {
    if (loss.length <= IN_A_ROW) {
      return false;
    }
    for (int row = loss.length - IN_A_ROW; row < loss.length; row++) {
      if (loss[row] <= FACTOR * loss[0]) {
        return false;
      }
    }
    return true;
  }

  /** Losses on test sets; the last batch's own is too noisy, and told by its absence at step 0. */
  private static List<String> losses(Curve curve) {
    return curve.columns().stream()
        .filter(c -> c.endsWith(".loss") && curve.size() > 0 && !Double.isNaN(curve.column(c)[0]))
        .toList();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
