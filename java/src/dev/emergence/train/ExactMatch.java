package dev.emergence.train;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Parts;
import dev.emergence.spec.Prediction;
import java.util.List;

/**
 * The share of sequences in which every scored target is the likeliest class, {@code test.exact},
 * where a sequence has several. Sequences in which nothing is scored take no part.
 */
public final class ExactMatch implements Probe {
  @Override
  public List<String> columns(Parts parts, String testSet) {
    Prediction task = parts.task().predicts();
    boolean several = task.loss() == Loss.CROSS_ENTROPY && task.scored().count() > 1;
    return several ? List.of(testSet + ".exact") : List.of();
  }

  @Override
  public Bound bind(Place place) {
    String column = place.testSet() + ".exact";
    return (means, used) -> {
      ScoredValues correct = ScoredValues.read(place, place.objective().correct().orElseThrow());
      int at = means.at(column);
      for (int r = 0; r < correct.replicas(); r++) {
        for (int n = 0; n < used; n++) {
          if (correct.isScored(r, n)) {
            means.add(r, at, isExact(correct, r, n) ? 1 : 0);
          }
        }
      }
    };
  }

  private static boolean isExact(ScoredValues correct, int replica, int sequence) {
    for (int target = 0; target < correct.targets(); target++) {
      boolean scored = correct.isScored(replica, sequence, target);
      if (scored && correct.at(replica, sequence, target) != 1) {
        return false;
      }
    }
    return true;
  }
}
