package dev.emergence.task;

import dev.emergence.spec.CopyCount;
import dev.emergence.spec.LargestCount;
import java.util.ArrayList;
import java.util.List;

/** Levels of tasks whose target is one of the values in the context, all drawn uniformly. */
final class ContextLevels {
  private ContextLevels() {}

  /**
   * The best possible value, that of who knows nothing, and that of who knows which values there
   * are but not which one is asked for.
   *
   * @param count how many values a context has
   * @param values different ones
   * @param best how the target is found, in words
   */
  static List<Level> of(int count, int values, String best) {
    List<Level> levels = new ArrayList<>();
    levels.add(new Level("oracle", "loss", 0, best));
    levels.add(new Level("oracle", "accuracy", 1, best));
    levels.add(new Level("blind", "loss", Math.log(values), "all values equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / values, "any value"));
    String guess = "each value as likely as it is frequent in the context";
    double rarity = 0;
    double share = 0;
    double[] others = CopyCount.binomial(count - 1, 1.0 / values);
    for (int k = 0; k < count; k++) {
      rarity += others[k] * Math.log(count / (k + 1.0));
      share += others[k] * (k + 1) / count;
    }
    levels.add(new Level("in_context", "loss", rarity, guess));
    levels.add(new Level("in_context", "accuracy", share, "the value of a place chosen at random"));
    double largest = LargestCount.mean(count, values) / count;
    String named = "the most frequent value of the context";
    levels.add(new Level("most_frequent", "accuracy", largest, named));
    return List.copyOf(levels);
  }
}
