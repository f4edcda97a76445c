package dev.emergence.train;

import dev.emergence.spec.OutputRecord;
import dev.emergence.spec.Parts;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Scored targets side by side, whose predictions are compared with each other: all of a sequence,
 * or those of a slice.
 *
 * @param suffix of the columns: empty, or {@code .out}
 * @param first the first of them, counted from 0 among the scored targets
 * @param end one past the last
 */
record NeighbouringTargets(String suffix, int first, int end) {

  /** All of a sequence, then each slice of several that are side by side. */
  static List<NeighbouringTargets> of(Parts parts) {
    Prediction task = parts.task().predicts();
    List<NeighbouringTargets> all = new ArrayList<>();
    all.add(new NeighbouringTargets("", 0, task.scored().count()));
    for (Slice slice : task.slices()) {
      if (slice.stride() == 1 && slice.count() > 1) {
        all.add(new NeighbouringTargets("." + slice.name(), slice.first(), slice.last() + 1));
      }
    }
    return all;
  }

  /** The columns of each of these under some names, if a file asks for them. */
  static List<String> columns(Parts parts, OutputRecord record, String... names) {
    List<String> columns = new ArrayList<>();
    if (parts.measurement().record().contains(record) && record.missing(parts).isEmpty()) {
      for (String name : names) {
        of(parts).forEach(targets -> columns.add(name + targets.suffix()));
      }
    }
    return columns;
  }
}
