package dev.emergence.task;

import dev.emergence.spec.LinearMap;
import dev.emergence.spec.Span;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.List;

/**
 * Data of {@link LinearMap}: x0 is uniform, cell j being bounded(j, C) of lane 0; the other states
 * follow from the matrix. The targets of row i, in whatever state, are scored when coin(i, {@link
 * LinearMap#frequency}) of lane 1 is true; those of x0 always.
 */
final class LinearMapSequences implements SequenceTask {
  /** Whose matrix all seeds share. */
  private static final int SHARED_SEED = 0;

  private static final int CELLS = 0;
  private static final int SCORED = 1;

  private final LinearMap spec;
  private final SparseMatrix matrix;

  LinearMapSequences(LinearMap spec, SparseMatrix matrix) {
    this.spec = spec;
    this.matrix = matrix;
  }

  static LinearMapSequences of(LinearMap spec, RandomStream task) {
    boolean shared = spec.matrix() == LinearMap.Matrix.SHARED;
    RandomStream stream = shared ? RandomStream.of(SHARED_SEED, Purpose.TASK) : task;
    return new LinearMapSequences(spec, SparseMatrix.draw(spec.cells(), spec.parents(), stream));
  }

  SparseMatrix matrix() {
    return matrix;
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    int cells = spec.cells();
    int[] x = new int[spec.length()];
    RandomLane lane = stream.lane(CELLS, step, n);
    for (int j = 0; j < cells; j++) {
      x[j] = lane.bounded(j, spec.modulus());
    }
    for (int at = cells; at < x.length; at += cells) {
      matrix.apply(x, at - cells, at, Math.min(cells, x.length - at), spec.modulus());
    }
    for (int p = 0; p < x.length; p++) {
      out.token(p, spec.outputsHidden() && p >= cells ? spec.modulus() : x[p]);
    }
    if (spec.rowZipf() == 0) {
      out.predictNext(x);
    } else {
      predictRows(x, stream.lane(SCORED, step, n), out);
    }
  }

  /** Sets the target of every scored position to the token after it, or to none by its row. */
  private void predictRows(int[] x, RandomLane lane, SequenceOut out) {
    boolean[] scores = new boolean[spec.rows()];
    for (int row = 0; row < scores.length; row++) {
      scores[row] = lane.coin(row, spec.frequency(row));
    }
    Span scored = spec.predicts().scored();
    for (int q = 0; q < scored.count(); q++) {
      int p = scored.first() + q + 1;
      out.target(q, p < spec.cells() || scores[p % spec.cells()] ? x[p] : -1);
    }
  }

  @Override
  public List<Attends> attends() {
    int cells = spec.cells();
    int count = spec.length() - cells;
    int[] queries = new int[count];
    int[][] keys = new int[count][];
    for (int e = 0; e < count; e++) {
      int state = e / cells;
      queries[e] = cells - 1 + e;
      int[] row = matrix.rows()[e % cells];
      keys[e] = new int[row.length];
      for (int j = 0; j < row.length; j++) {
        keys[e][j] = state * cells + row[j];
      }
    }
    return List.of(new Attends("parents", queries, keys));
  }

  /** Targets of a sequence count as often as they are scored: rarer rows less. */
  @Override
  public List<Level> levels(String testSet) {
    int unpredictable = spec.predicts().scored().count() - (spec.length() - spec.cells());
    double scored = unpredictable;
    for (int p = spec.cells(); p < spec.length(); p++) {
      scored += spec.frequency(p % spec.cells());
    }
    double bit = Math.log(spec.modulus());
    double guess = 1.0 / spec.modulus();
    List<Level> levels = new ArrayList<>();
    String best = "every output follows from its parents; the first state cannot be predicted";
    levels.add(new Level("oracle", "loss", bit * unpredictable / scored, best));
    double right = scored - unpredictable + unpredictable * guess;
    levels.add(new Level("oracle", "accuracy", right / scored, best));
    levels.add(new Level("blind", "loss", bit, "all colours equally likely"));
    levels.add(new Level("blind", "accuracy", guess, "any colour"));
    if (spec.states() == 2) {
      ladder(scored, levels);
    }
    double known = spec.parents() == spec.cells() ? scored - unpredictable - 1 : 0;
    if (spec.states() == 2 && known > 0 && !spec.outputsHidden()) {
      String copy = "the first output guessed and copied to all others, which equal it";
      levels.add(new Level("copier", "loss", bit * (scored - known) / scored, copy));
      double hits = known + (scored - known) * guess;
      levels.add(new Level("copier", "accuracy", hits / scored, copy));
    }
    return List.copyOf(levels);
  }

  /**
   * One row known, two, and so on; where rows differ in frequency, the most frequent ones.
   *
   * @param scored targets of a sequence, on average
   */
  private void ladder(double scored, List<Level> to) {
    double bit = Math.log(spec.modulus());
    boolean alike = spec.rowZipf() == 0;
    double known = 0;
    for (int rows = 1; rows < spec.written(); rows++) {
      known += spec.frequency(rows - 1);
      String which = alike ? rows + " of " : "the " + rows + " most frequent of ";
      String doc = which + spec.written() + " rows known, the others guessed";
      to.add(new Level("rows_" + rows, "loss", bit * (scored - known) / scored, doc));
    }
  }
}
