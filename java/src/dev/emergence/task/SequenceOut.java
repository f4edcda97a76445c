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
  private final Prediction shape;
  private final List<Attending> attending;
  private final List<HostArray> arrays;
  private int n;

  /**
   * @param arrays input, target, queries and keys of each kind of attention, and for prompts foils,
   *     of one replica
   */
  SequenceOut(Prediction shape, List<Attending> attending, List<HostArray> arrays) {
    this.shape = shape;
    this.attending = attending;
    this.arrays = arrays;
  }

  /** Writes sequence n from now on; none of its positions attends to anything yet. */
  SequenceOut sequence(int n) {
    this.n = n;
    for (int i = 0; i < attending.size(); i++) {
      int queries = attending.get(i).queries();
      int keys = queries * attending.get(i).keys();
      Arrays.fill(queries(i), n * queries, (n + 1) * queries, -1);
      Arrays.fill(keys(i), n * keys, (n + 1) * keys, -1);
    }
    return this;
  }

  /** Sets the token at a position, if tokens are integers. */
  public void token(int position, int token) {
    arrays.get(0).ints()[n * shape.length() + position] = token;
  }

  /** Sets a coordinate of the token at a position, if tokens are vectors. */
  public void value(int position, int coordinate, double value) {
    int at = (n * shape.length() + position) * shape.inputs() + coordinate;
    arrays.get(0).floats()[at] = (float) value;
  }

  /** Sets the class that is to be predicted. -1 means that this target is not scored. */
  public void target(int scored, int wanted) {
    arrays.get(1).ints()[n * shape.scored().count() + scored] = wanted;
  }

  /**
   * In a set of prompts, sets a wrong class that the prompt suggests; -1 if nothing is scored
   * there. In other sequences this is ignored.
   */
  public void foil(int scored, int wrong) {
    int at = 2 + 2 * attending.size();
    if (at < arrays.size()) {
      arrays.get(at).ints()[n * shape.scored().count() + scored] = wrong;
    }
  }

  /** Sets a coordinate of the target, if targets are vectors. */
  public void target(int scored, int coordinate, double value) {
    int at = (n * shape.scored().count() + scored) * shape.outputs() + coordinate;
    arrays.get(1).floats()[at] = (float) value;
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
   * Sets the positions to which a query should attend.
   *
   * @param which which of the task's {@link SequenceTask#attending}, from 0
   * @param entry which of its queries, from 0
   * @param query the position that attends
   * @param keys the positions to which it should attend
   */
  public void attends(int which, int entry, int query, int... keys) {
    Attending kind = attending.get(which);
    if (entry >= kind.queries() || keys.length > kind.keys()) {
      throw new IllegalArgumentException(
          kind + " has no room for entry " + entry + " with " + keys.length + " keys");
    }
    queries(which)[n * kind.queries() + entry] = query;
    System.arraycopy(keys, 0, keys(which), (n * kind.queries() + entry) * kind.keys(), keys.length);
  }

  private int[] queries(int which) {
    return arrays.get(2 + 2 * which).ints();
  }

  private int[] keys(int which) {
    return arrays.get(3 + 2 * which).ints();
  }
}
