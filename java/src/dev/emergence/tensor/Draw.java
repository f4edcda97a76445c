package dev.emergence.tensor;

/**
 * Numbers of one kind for every sequence of a batch, drawn by {@link Backend#draw}. With {@link
 * Backend#gather} they are what a task can be made of that has no kernel of its own. Element j of
 * sequence n of batch {@code step} is made of word j of lane {@code lane}, sample n, as {@link
 * RandomLane} numbers them; integers are equal on all backends, normals to the last bits.
 *
 * @param keys (R, 2) i32: Philox key of each replica's stream
 * @param step (R) i32: which batch of the stream
 * @param lane which of the batch's quantities
 * @param what kind of numbers
 * @param out out: (R, N, ...), i32 but for normals; the elements of a sequence are counted
 *     row-major
 */
public record Draw(Tensor keys, Tensor step, int lane, What what, Tensor out) {

  /** Kinds of numbers. */
  public sealed interface What {
    /** Uniform integers from 0 to bound - 1: bounded(j, bound). */
    record Tokens(int bound) implements What {}

    /** Normal numbers: normal(j) · scale, the scale taken as float32. */
    record Normals(double scale) implements What {}

    /**
     * The first elements of a uniform permutation of 0..of-1, as many as a sequence has: step j of
     * a shuffle (Fisher and Yates) swaps elements j and j + bounded(j, of - j).
     */
    record Permutation(int of) implements What {}
  }

  /**
   * Checks shapes and ranges.
   *
   * @throws IllegalArgumentException naming the operation and what is wrong
   */
  public void check() {
    boolean normals = what instanceof What.Normals;
    Expect expect =
        Expect.of("draw", "out", out)
            .ints("keys", keys, 2)
            .ints("step", step, 1)
            .that(out.rank() >= 3, "out must be (R, N, ...)")
            .that(
                out.dtype() == (normals ? DType.F32 : DType.I32),
                "out must be " + (normals ? DType.F32 : DType.I32) + " for " + what);
    long columns = out.perReplica() / out.dim(1);
    if (what instanceof What.Tokens tokens) {
      expect.that(tokens.bound() >= 1, "bound must be at least 1, got " + tokens.bound());
    } else if (what instanceof What.Permutation permutation) {
      expect.that(
          columns <= permutation.of(),
          "a permutation of " + permutation.of() + " has no " + columns + " elements");
    }
  }

  /** Checks the shapes of {@link Backend#gather}. */
  public static void checkGather(Tensor table, Tensor index, Tensor out) {
    Expect expect = Expect.of("gather", "index", index);
    expect
        .that(index.rank() >= 3 && table.rank() >= 3, "table and index must be (R, N, ...)")
        .ints("index", index, index.perReplica())
        .that(
            table.dim(1) == 1 || table.dim(1) == index.dim(1),
            "table must have one row, or one for each sequence, got " + table)
        .that(
            out.dtype() == table.dtype()
                && out.replicas() == index.replicas()
                && table.replicas() == index.replicas()
                && out.perReplica() == index.perReplica(),
            "out must be as index, of the type of table, got " + out);
  }
}
