package dev.emergence.spec;

import java.util.Map;
import java.util.Optional;

/**
 * A statement about a sweep that is checked: a ratio to a baseline condition. A miss is exit code
 * 5.
 */
public record ClaimSpec(
    @Key(doc = "The sweep.") String data,
    @Key(doc = "Column: plateau.steps, or a metric's last value such as clean.loss.") String of,
    @Key(doc = "Values, by symbol or path, that single out the baseline condition(s).")
        Map<String, Object> baseline,
    @Key(
            doc =
                "Which baseline/condition ratio of means over seeds is judged: the best, the worst, or each.",
            value = "best")
        Ratio ratio,
    @Key(doc = "Lower bound on the ratio.", value = Key.ABSENT) Optional<Double> atLeast,
    @Key(doc = "Upper bound on the ratio.", value = Key.ABSENT) Optional<Double> atMost) {

  /** Which ratio is judged. */
  public enum Ratio {
    BEST,
    WORST,
    EACH
  }
}
