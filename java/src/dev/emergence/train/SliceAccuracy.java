package dev.emergence.train;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Parts;
import java.util.List;

/**
 * The share of scored targets that are the likeliest class, {@code test.accuracy}, and of each
 * slice of them, where targets are classes.
 */
public final class SliceAccuracy implements Probe {
  @Override
  public List<String> columns(Parts parts, String testSet) {
    return parts.task().predicts().loss() == Loss.CROSS_ENTROPY
        ? SliceLoss.of(parts, testSet + ".accuracy")
        : List.of();
  }

  @Override
  public Bound bind(Place place) {
    String whole = place.testSet() + ".accuracy";
    return (means, used) ->
        SliceLoss.add(
            place,
            ScoredValues.read(place, place.objective().correct().orElseThrow()),
            whole,
            means,
            used);
  }
}
