package dev.emergence.tensor;

import java.util.List;

/**
 * A batch that plain Java draws, as one operation of a program ({@link Backend#drawHost}).
 *
 * <p>The source is a pure function of replica and step, until {@link Backend#redraw} tells that it
 * has changed. Inside a program it is called by another thread and ahead of time, for steps that
 * may never be asked for; what a program sees depends on its step alone.
 *
 * @param step (R) i32: which batch each replica gets
 * @param source fills the outputs of one replica
 * @param out outputs, 1 to 8, each (R, ...)
 */
public record HostDraw(Tensor step, Source source, List<Tensor> out) {
  /** Most outputs of one operation. */
  public static final int MOST_OUTPUTS = 8;

  /** Copies the list. */
  public HostDraw {
    out = List.copyOf(out);
  }

  /** Draws one replica's part of a batch. */
  public interface Source {
    /**
     * Fills every element of every output.
     *
     * @param out as many as the operation has, in the same order; they hold what an earlier call
     *     left
     */
    void draw(int replica, int step, List<HostArray> out);
  }

  /** Room for one replica's part of each output. */
  public List<HostArray> room() {
    return out.stream().map(t -> new HostArray(t.dtype(), t.perReplica())).toList();
  }

  /**
   * Draws one replica's part.
   *
   * @throws IllegalStateException with the cause, when the source fails
   */
  public void fill(int replica, int step, List<HostArray> arrays) {
    try {
      source.draw(replica, step, arrays);
    } catch (RuntimeException e) {
      String what = "batch " + step + " of replica " + replica + " cannot be drawn: " + e;
      throw new IllegalStateException(what, e);
    }
  }

  /**
   * Checks shapes.
   *
   * @throws IllegalArgumentException naming the operation and the shapes
   */
  public void check() {
    Expect expect = Expect.of("drawHost", "step", step).ints("step", step, 1);
    expect.that(
        !out.isEmpty() && out.size() <= MOST_OUTPUTS,
        "there must be 1 to " + MOST_OUTPUTS + " outputs, got " + out.size());
    for (Tensor t : out) {
      expect.that(
          t.replicas() == step.replicas(),
          "every output must have the " + step.replicas() + " replicas of step, got " + t);
    }
  }
}
