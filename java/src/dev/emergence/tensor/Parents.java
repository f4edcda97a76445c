package dev.emergence.tensor;

/**
 * For some queries of each sequence, the keys to which they should attend. This is what a task
 * knows about its relevant positions. R is the number of replicas, N the number of sequences, E the
 * number of queries in a sequence, and P the largest number of keys of a query.
 *
 * @param name name of the columns that measure this attention, {@code parents}
 * @param queries positions, (R, N or 1, E) i32. A position appears at most once in a sequence; -1
 *     means no query.
 * @param keys the keys of each query, (R, N or 1, E, P) i32, filled up with -1. With 1 in place of
 *     N all sequences share the lists.
 */
public record Parents(String name, Tensor queries, Tensor keys) {
  /** Checks that the shapes of queries and keys fit. */
  public Parents {
    boolean fits =
        queries.dtype() == DType.I32
            && keys.dtype() == DType.I32
            && queries.rank() == 3
            && keys.rank() == 4
            && keys.replicas() == queries.replicas()
            && keys.dim(1) == queries.dim(1)
            && keys.dim(2) == queries.dim(2);
    if (!fits) {
      throw new IllegalArgumentException(
          "parents need queries (R, N or 1, E) and keys (R, N or 1, E, P), both i32, got "
              + queries
              + " and "
              + keys);
    }
  }

  /** The number of sequences with their own lists; 1 if all sequences share them. */
  public int sequences() {
    return queries.dim(1);
  }

  /** The number of queries in a sequence, E. */
  public int entries() {
    return queries.dim(2);
  }

  /** The largest number of keys of a query, P. */
  public int width() {
    return keys.dim(3);
  }
}
