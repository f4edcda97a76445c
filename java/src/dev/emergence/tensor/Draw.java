package dev.emergence.tensor;

/**
 * Random numbers of one kind for every sequence of a batch, drawn by {@link Backend#draw}. A task
 * without a kernel of its own can be composed of such draws and of {@link Backend#gather}.
 *
 * <p>Element j of sequence n of batch {@code step} is made of word j of lane {@code lane}, sample
 * n, as {@link RandomLane} numbers them. Integers are the same on all backends; normal numbers
 * agree up to the last bits of a float32.
 *
 * @param keys (R, 2) i32: the Philox key of each replica's stream
 * @param step (R) i32: the number of the batch in the stream
 * @param lane number of this draw among the draws of a batch
 * @param what the kind of numbers
 * @param out written: (R, N, ...), i32 for integers and f32 for normal numbers; the elements of a
 *     sequence are counted row by row
 */
public record Draw(Tensor keys, Tensor step, int lane, What what, Tensor out) {

  /** Kinds of numbers. */
  public sealed interface What {
    /** Uniform integers from 0 to bound - 1: {@code bounded(j, bound)} of {@link RandomLane}. */
    record Tokens(int bound) implements What {}

    /** Normal numbers: {@code normal(j)} times the scale, which is rounded to float32. */
    record Normals(double scale) implements What {}

    /**
     * The first elements of a uniform permutation of 0, ..., of - 1, as many as a sequence has. It
     * is the shuffle of Fisher and Yates: step j swaps elements j and j + bounded(j, of - j).
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
