package dev.emergence.train;

import dev.emergence.spec.Parts;
import java.util.List;

/**
 * The mean probability of the right token on the prompts of a test set, {@code copy.probability},
 * over all tokens that are asked for. Whether the likeliest token is right in all of them, greedy
 * decoding in other words, is {@link ExactMatch}.
 */
public final class TargetProbability implements Probe {
  @Override
  public List<String> columns(Parts parts, String testSet) {
    return ofPrompts(parts, testSet) ? List.of(testSet + ".probability") : List.of();
  }

  /** Whether a test set asks by prompts. */
  static boolean ofPrompts(Parts parts, String testSet) {
    return parts.measurement().testSets().get(testSet).prompts().isPresent();
  }

  @Override
  public Bound bind(Place place) {
    String column = place.testSet() + ".probability";
    return (means, used) -> {
      ScoredValues losses = ScoredValues.read(place, place.objective().losses());
      losses.map((i, loss) -> Math.exp(-loss)).add(means, column, used);
    };
  }
}
