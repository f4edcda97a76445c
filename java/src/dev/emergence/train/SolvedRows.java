package dev.emergence.train;

import dev.emergence.spec.Parts;
import dev.emergence.spec.Slice;
import java.util.List;

/**
 * How many rows have a mean loss below 0.05 nats, {@code test.solved_rows}, in tasks with slices
 * {@code row.0}, {@code row.1}, and so on.
 */
public final class SolvedRows implements Probe {
  private static final double SOLVED = 0.05;

  private static List<String> rows(Parts parts) {
    return parts.task().predicts().slices().stream()
        .map(Slice::name)
        .filter(name -> name.matches("row\\.[0-9]+"))
        .toList();
  }

  @Override
  public List<String> columns(Parts parts, String testSet) {
    return rows(parts).isEmpty() ? List.of() : List.of(testSet + ".solved_rows");
  }

  @Override
  public Bound bind(Place place) {
    List<String> rows = rows(place.parts());
    return new Bound() {
      @Override
      public void add(Means means, int used) {
        // It follows from the rows' losses over all parts.
      }

      @Override
      public void finish(Means means) {
        int at = means.at(place.testSet() + ".solved_rows");
        for (int r = 0; r < means.replicas(); r++) {
          int replica = r;
          long solved =
              rows.stream()
                  .map(row -> means.at(place.testSet() + ".loss." + row))
                  .filter(column -> means.value(replica, column) < SOLVED)
                  .count();
          means.add(r, at, solved);
        }
      }
    };
  }
}
