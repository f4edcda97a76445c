package dev.emergence.spec;

/** Heads of a token mixer that has queries, keys and values but no softmax. */
public record HeadSizes(
    @Key(doc = "Number of heads in a layer.", symbol = "heads", value = "4", min = 1, max = 1024)
        int heads,
    @Key(
            doc = "Width of one head. It does not depend on embedding_dim.",
            symbol = "head_dim",
            value = "64",
            min = 1,
            max = 128)
        int headDim) {

  /** Width of all heads together. */
  double all() {
    return (double) heads * headDim;
  }
}
