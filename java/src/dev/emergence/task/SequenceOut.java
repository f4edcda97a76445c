package dev.emergence.task;

import dev.emergence.spec.Prediction;
import dev.emergence.spec.Span;
import dev.emergence.task.SequenceTask.Attending;
import dev.emergence.tensor.HostArray;
import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Receives one sequence from {@link Sequences}: its tokens, its targets, and what it should attend
 * to. Positions are counted from 0. Targets are counted from 0 among the scored positions.
 */
@API(status = API.Status.EXPERIMENTAL)
public final class SequenceOut {
  /** What stands in a place of integers until the task writes it; one of floats holds NaN. */
  private static final int UNWRITTEN = Integer.MIN_VALUE;

  private final Prediction shape;
  private final List<Attending> attending;
  private final List<HostArray> arrays;
  private final int sequences;
  private int n;

  /**
   * @param arrays input, target, queries and keys of each kind of attention, and for prompts foils,
   *     of one replica
   */
  SequenceOut(Prediction shape, List<Attending> attending, List<HostArray> arrays) {
    this.shape = shape;
    this.attending = attending;
    this.arrays = arrays;
    int width = shape.discrete() ? 1 : shape.inputs();
    this.sequences = arrays.get(0).size() / (shape.length() * width);
  }

  /** Writes sequence n from now on. Nothing of it is written yet, and no position attends. */
  SequenceOut sequence(int n) {
    this.n = n;
    clear(arrays.get(0));
    clear(arrays.get(1));
    if (hasFoils()) {
      clear(arrays.get(foils()));
    }
    for (int i = 0; i < attending.size(); i++) {
      int queries = attending.get(i).queries();
      int keys = queries * attending.get(i).keys();
      Arrays.fill(queries(i), n * queries, (n + 1) * queries, -1);
      Arrays.fill(keys(i), n * keys, (n + 1) * keys, -1);
    }
    return this;
  }

  private void clear(HostArray array) {
    int from = n * perSequence(array);
    int to = from + perSequence(array);
    if (array.isFloats()) {
      Arrays.fill(array.floats(), from, to, Float.NaN);
    } else {
      Arrays.fill(array.ints(), from, to, UNWRITTEN);
    }
  }

  private int perSequence(HostArray array) {
    return array.size() / sequences;
  }

  /**
   * Checks that the task has written all of the sequence, no query twice, and to what a prompt asks
   * for a wrong answer.
   *
   * @throws IllegalStateException naming the first place where it has not
   * @throws IllegalArgumentException naming a position that is the query of two entries
   */
  void requireWritten() {
    int inputs = shape.discrete() ? 1 : shape.inputs();
    requireWritten(arrays.get(0), inputs, "token", "position");
    int outputs = arrays.get(1).isFloats() ? shape.outputs() : 1;
    requireWritten(arrays.get(1), outputs, "target", "scored position");
    if (hasFoils()) {
      requireWritten(arrays.get(foils()), 1, "foil", "scored position");
      requireFoils();
    }
    for (int i = 0; i < attending.size(); i++) {
      int count = attending.get(i).queries();
      int[] queries = Arrays.copyOfRange(queries(i), n * count, (n + 1) * count);
      Attends.requireOnce(attending.get(i).name(), "query", queries, shape.length());
    }
  }

  private void requireWritten(HostArray array, int width, String what, String where) {
    int first = n * perSequence(array);
    for (int i = first; i < first + perSequence(array); i++) {
      if (array.isFloats() ? Float.isNaN(array.floats()[i]) : array.ints()[i] == UNWRITTEN) {
        throw new IllegalStateException(
            "the " + what + " of " + where + " " + (i - first) / width + " is not written");
      }
    }
  }

  /** Without a wrong answer, the right one would be compared with a logit of nothing. */
  private void requireFoils() {
    int scored = shape.scored().count();
    for (int q = 0; q < scored; q++) {
      int wanted = arrays.get(1).ints()[n * scored + q];
      if (wanted >= 0 && arrays.get(foils()).ints()[n * scored + q] < 0) {
        throw new IllegalStateException(
            "scored position " + q + " asks for class " + wanted + " and has no foil");
      }
    }
  }

  private static void require(int value, int least, int end, String what) {
    if (value < least || value >= end) {
      throw new IllegalArgumentException(
          what + " " + value + " is not in " + least + ".." + (end - 1));
    }
  }

  private static float finite(double value, String what, int at) {
    float rounded = (float) value;
    if (!Float.isFinite(rounded)) {
      throw new IllegalArgumentException("the " + what + " " + at + " is " + value);
    }
    return rounded;
  }

  /** Sets the token at a position, if tokens are integers. */
  public void token(int position, int token) {
    require(position, 0, shape.length(), "position");
    require(token, 0, shape.inputs(), "token");
    arrays.get(0).ints()[n * shape.length() + position] = token;
  }

  /** Sets a coordinate of the token at a position, if tokens are vectors. */
  public void value(int position, int coordinate, double value) {
    require(position, 0, shape.length(), "position");
    require(coordinate, 0, shape.inputs(), "coordinate");
    int at = (n * shape.length() + position) * shape.inputs() + coordinate;
    arrays.get(0).floats()[at] = finite(value, "token at position", position);
  }

  /** Sets the class that is to be predicted. -1 means that this target is not scored. */
  public void target(int scored, int wanted) {
    require(scored, 0, shape.scored().count(), "scored position");
    require(wanted, -1, shape.outputs(), "class");
    arrays.get(1).ints()[n * shape.scored().count() + scored] = wanted;
  }

  /**
   * In a set of prompts, sets a wrong class that the prompt suggests; -1 if nothing is scored
   * there. In other sequences this is ignored.
   */
  public void foil(int scored, int wrong) {
    if (hasFoils()) {
      require(scored, 0, shape.scored().count(), "scored position");
      require(wrong, -1, shape.outputs(), "class");
      arrays.get(foils()).ints()[n * shape.scored().count() + scored] = wrong;
    }
  }

  private int foils() {
    return 2 + 2 * attending.size();
  }

  private boolean hasFoils() {
    return foils() < arrays.size();
  }

  /** Sets a coordinate of the target, if targets are vectors. */
  public void target(int scored, int coordinate, double value) {
    require(scored, 0, shape.scored().count(), "scored position");
    require(coordinate, 0, shape.outputs(), "coordinate");
    int at = (n * shape.scored().count() + scored) * shape.outputs() + coordinate;
    arrays.get(1).floats()[at] = finite(value, "target of scored position", scored);
  }

  /**
   * Sets the target of every scored position to the token after it.
   *
   * @param tokens all tokens, in order
   */
  public void predictNext(int[] tokens) {
    Span scored = shape.scored();
    for (int q = 0; q < scored.count(); q++) {
      target(q, tokens[scored.first() + q + 1]);
    }
  }

  /**
   * Sets the positions to which a query should attend, in place of those that the entry had.
   *
   * @param which which of the task's {@link SequenceTask#attending}, from 0
   * @param entry which of its queries, from 0
   * @param query the position that attends; each position is the query of one entry at most
   * @param keys the positions to which it should attend, each once
   */
  public void attends(int which, int entry, int query, int... keys) {
    Attending kind = attending.get(which);
    require(query, -1, shape.length(), "query");
    for (int key : keys) {
      require(key, -1, shape.length(), "key");
    }
    if (entry < 0 || entry >= kind.queries() || keys.length > kind.keys()) {
      throw new IllegalArgumentException(
          kind + " has no room for entry " + entry + " with " + keys.length + " keys");
    }
    Attends.requireOnce(kind.name(), "key", keys, shape.length());
    int at = n * kind.queries() + entry;
    queries(which)[at] = query;
    Arrays.fill(keys(which), at * kind.keys(), (at + 1) * kind.keys(), -1);
    System.arraycopy(keys, 0, keys(which), at * kind.keys(), keys.length);
  }

  private int[] queries(int which) {
    return arrays.get(2 + 2 * which).ints();
  }

  private int[] keys(int which) {
    return arrays.get(3 + 2 * which).ints();
  }
}
