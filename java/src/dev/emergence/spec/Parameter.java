package dev.emergence.spec;

/**
 * One array of trained numbers of a model.
 *
 * @param name such as {@code blocks.0.mlp.hidden.weight}
 * @param role what it is for
 * @param fanIn of a matrix, the numbers that it reads; 1 for all else, tables of embeddings
 *     included
 */
public record Parameter(String name, Role role, int fanIn) {
  /** What parameters are for; those that a file may name have words. */
  public enum Role {
    /** Tables and maps that make vectors of tokens and positions, with their biases. */
    EMBEDDINGS,
    /** Weights of layers inside the blocks. */
    MATRICES,
    /** Scales and shifts of layer normalisation. */
    NORMS,
    /** The last layer, with its bias. */
    OUTPUT,
    /** Biases inside the blocks, and single numbers. */
    OTHER
  }
}
