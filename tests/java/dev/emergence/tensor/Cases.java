package dev.emergence.tensor;

import java.util.List;

/**
 * Awkward shapes: ones, odd sizes, and both sides of every power of two that a vector, a tile or a
 * block may have.
 */
public final class Cases {
  private Cases() {}

  /** R matrices of rows × columns. */
  public record Rows(int replicas, int rows, int columns) {}

  /** R products of (m, k) and (k, n). */
  public record Product(int replicas, int m, int n, int k) {}

  /** R batches of sequences. */
  public record Sequences(int replicas, int batch, int length, int width) {}

  /** Matrices. */
  public static List<Rows> rows() {
    return List.of(
        new Rows(1, 1, 1),
        new Rows(2, 1, 3),
        new Rows(3, 7, 1),
        new Rows(1, 5, 7),
        new Rows(2, 3, 8),
        new Rows(1, 9, 15),
        new Rows(3, 4, 16),
        new Rows(1, 16, 17),
        new Rows(2, 33, 31),
        new Rows(1, 31, 33),
        new Rows(2, 65, 64),
        new Rows(1, 2, 255),
        new Rows(1, 3, 256),
        new Rows(2, 1, 257),
        new Rows(1, 130, 65),
        new Rows(1, 2, 1025));
  }

  /** Products of matrices. */
  public static List<Product> products() {
    return List.of(
        new Product(2, 45, 17, 512), // rows that share sets of a cache; few columns
        new Product(1, 1, 1, 1),
        new Product(2, 1, 17, 4),
        new Product(3, 5, 3, 7),
        new Product(1, 16, 16, 16),
        new Product(2, 15, 17, 31),
        new Product(1, 33, 1, 64),
        new Product(1, 64, 65, 63),
        new Product(2, 3, 256, 5),
        new Product(1, 65, 33, 129),
        new Product(1, 128, 64, 256),
        new Product(2, 9, 48, 1025));
  }

  /** Batches of sequences of vectors. */
  public static List<Sequences> sequences() {
    return List.of(
        new Sequences(1, 1, 1, 1),
        new Sequences(2, 3, 5, 7),
        new Sequences(3, 1, 17, 8),
        new Sequences(1, 4, 1, 33),
        new Sequences(2, 2, 31, 16),
        new Sequences(1, 5, 16, 65),
        new Sequences(2, 3, 129, 33));
  }
}
