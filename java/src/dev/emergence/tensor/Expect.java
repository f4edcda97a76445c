package dev.emergence.tensor;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The tensors of one call of one operation, held against what the operation needs. Sentences are
 * made when they are needed: nearly every call has what it needs, and there are many.
 */
final class Expect {
  private final String operation;
  private final String name;
  private final Tensor anchor;
  private final int replicas;

  private Expect(String operation, String name, Tensor anchor) {
    this.operation = operation;
    this.name = name;
    this.anchor = anchor;
    this.replicas = anchor.replicas();
  }

  /** All other tensors must have the replicas of this one. */
  static Expect of(String operation, String name, Tensor anchor) {
    return new Expect(operation, name, anchor);
  }

  /**
   * A float32 tensor of {@code rows} rows of {@code columns}, however its leading dimensions are
   * cut.
   */
  Expect matrix(String name, Tensor t, long rows, long columns) {
    boolean fits = t.rank() > 1 && t.dim(-1) == columns && t.perReplica() == rows * columns;
    return verify(fits, name, t, DType.F32, () -> rows + " rows of " + columns);
  }

  /** A float32 tensor of {@code count} elements. */
  Expect floats(String name, Tensor t, long count) {
    return verify(t.perReplica() == count, name, t, DType.F32, () -> count + " elements");
  }

  /** An int32 tensor of {@code count} elements. */
  Expect ints(String name, Tensor t, long count) {
    return verify(t.perReplica() == count, name, t, DType.I32, () -> count + " elements");
  }

  /** A tensor whose shape without R is {@code inner}. */
  Expect shape(String name, Tensor t, DType dtype, long... inner) {
    long[] shape = t.shape();
    boolean fits = Arrays.equals(Arrays.copyOfRange(shape, 1, shape.length), inner);
    return verify(fits, name, t, dtype, () -> "shape " + Arrays.toString(inner));
  }

  /** A float32 tensor of {@code dimensions} dimensions, R included. */
  Expect rank(String name, Tensor t, int dimensions) {
    return verify(
        t.rank() == dimensions, name, t, DType.F32, () -> dimensions + " dimensions with R");
  }

  /**
   * A tensor that starts at the first element of something strided.
   *
   * @param span elements from there to the last one used, inside a replica
   */
  Expect span(String name, Tensor t, long span) {
    long end = t.offset() + (replicas - 1L) * t.replicaStride() + span;
    boolean apart = replicas == 1 || span <= t.replicaStride();
    boolean fits = apart && end <= t.buffer().elements();
    return verify(fits, name, t, DType.F32, () -> "room for " + span + " elements by its strides");
  }

  /**
   * A condition on numbers.
   *
   * @param rule the whole sentence after the operation's name
   */
  Expect that(boolean holds, String rule) {
    return that(holds, () -> rule);
  }

  /** The same with a sentence that is costly to make. */
  Expect that(boolean holds, Supplier<String> rule) {
    if (!holds) {
      throw new IllegalArgumentException(
          operation + ": " + rule.get() + " (" + name + " is " + anchor + ")");
    }
    return this;
  }

  private Expect verify(
      boolean fits, String name, Tensor t, DType dtype, Supplier<String> expected) {
    return that(
        fits && t.dtype() == dtype && t.replicas() == replicas,
        () ->
            name
                + " must be "
                + dtype
                + " with "
                + expected.get()
                + " in each of "
                + replicas
                + " replicas, got "
                + t);
  }
}
