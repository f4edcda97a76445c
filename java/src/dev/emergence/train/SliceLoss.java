package dev.emergence.train;

import dev.emergence.spec.Parts;
import dev.emergence.spec.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean loss over scored targets, {@code test.loss}, and over each slice of them, {@code
 * test.loss.row.3}.
 */
public final class SliceLoss implements Probe {
  @Override
  public List<String> columns(Parts parts, String testSet) {
    return of(parts, testSet + ".loss");
  }

  /** A column and one for each slice. */
  static List<String> of(Parts parts, String whole) {
    List<String> names = new ArrayList<>(List.of(whole));
    for (Slice slice : parts.task().predicts().slices()) {
      names.add(whole + "." + slice.name());
    }
    return names;
  }

  @Override
  public Bound bind(Place place) {
    String whole = place.testSet() + ".loss";
    return (means, used) ->
        add(place, ScoredValues.read(place, place.objective().losses()), whole, means, used);
  }

  static void add(Place place, ScoredValues values, String whole, Means means, int used) {
    values.add(means, whole, used);
    for (Slice slice : place.parts().task().predicts().slices()) {
      values.add(means, whole + "." + slice.name(), used, slice);
    }
  }
}
