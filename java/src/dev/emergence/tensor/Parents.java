package dev.emergence.tensor;

/**
 * For some queries of a sequence the keys that matter to them: what a task knows about where
 * attention should go.
 *
 * @param name word of the columns that measure it, {@code parents}
 * @param queries positions (R, N or 1, E) i32, each at most once in a sequence; -1: none
 * @param keys for each query its keys, (R, N or 1, E, P) i32, padded with -1. With 1 in place of N
 *     all sequences share the lists
 */
public record Parents(String name, Tensor queries, Tensor keys) {
  /** Checks that queries and keys belong together. */
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

  /** Sequences that have lists of their own; 1 where all share them. */
  public int sequences() {
    return queries.dim(1);
  }

  /** Queries of a sequence, E. */
  public int entries() {
    return queries.dim(2);
  }

  /** Room for keys of a query, P. */
  public int width() {
    return keys.dim(3);
  }
}
