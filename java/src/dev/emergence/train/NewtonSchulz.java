package dev.emergence.train;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;

/**
 * Brings the singular values of matrices near 1 and leaves their singular vectors: X ← a X + (b A +
 * c A²) X with A = X Xᵀ, of a tall matrix with A = Xᵀ X from the right (Jordan et al. 2024). With
 * these a, b and c values from 0.002 to 1 come between 0.68 and 1.21 in five iterations.
 */
final class NewtonSchulz {
  private static final double A = 3.4445;
  private static final double B = -4.7750;
  private static final double C = 2.0315;

  private final Backend backend;
  private final Combination combination;
  private final int steps;
  private final int replicas;
  private final Tensor x;
  private final Tensor y;
  private final Tensor gram;
  private final Tensor square;
  private final Tensor norm;

  /**
   * Matrices of one shape, so that one product serves all of them.
   *
   * @param all those of a replica in one (R, count · rows · columns)
   * @param each as a replica of its own (R · count, rows, columns)
   */
  record Stack(Tensor all, Tensor each) {
    private static Stack in(Tensor room, int replicas, int count, int rows, int columns) {
      return new Stack(
          Tensor.of(room.buffer(), replicas, (long) count * rows * columns),
          Tensor.of(room.buffer(), (long) replicas * count, rows, columns));
    }

    /** One of them in each replica (R, rows · columns). */
    Tensor matrix(int index) {
      long size = each.perReplica();
      return all.part(index * size, size);
    }
  }

  /**
   * The largest stack of a model.
   *
   * @param matrices most in a stack
   * @param elements most of a stack
   * @param grams most elements of a stack of squares with its shorter sides
   */
  record Largest(int matrices, long elements, long grams) {}

  /**
   * @param steps iterations
   */
  NewtonSchulz(OptimizerInputs in, Combination combination, Largest largest, int steps) {
    this.backend = in.backend();
    this.combination = combination;
    this.steps = steps;
    this.replicas = in.parameters().values().replicas();
    this.x = in.scope().floats(replicas, largest.elements());
    this.y = in.scope().floats(replicas, largest.elements());
    this.gram = in.scope().floats(replicas, largest.grams());
    this.square = in.scope().floats(replicas, largest.grams());
    this.norm = in.scope().floats(replicas, largest.matrices());
  }

  /** Room for the matrices at hand. */
  Stack room(int count, int rows, int columns) {
    return Stack.in(x, replicas, count, rows, columns);
  }

  /** Room for as many others, free between iterations. */
  Stack spare(int count, int rows, int columns) {
    return Stack.in(y, replicas, count, rows, columns);
  }

  /** U ← U / max(|U|, eps) of each matrix, by Frobenius' norm. */
  void normalize(Stack u, double eps) {
    combination.scale(u.all(), 1 / eps);
    backend.clipGradient(u.each(), 1, Tensor.of(norm.buffer(), u.each().replicas()));
  }

  /**
   * @param u what {@link #room} gave
   */
  void iterate(Stack u) {
    int rows = u.each().dim(1);
    int columns = u.each().dim(2);
    int count = u.each().replicas() / replicas;
    boolean tall = rows > columns;
    int side = Math.min(rows, columns);
    Stack g = Stack.in(gram, replicas, count, side, side);
    Stack gg = Stack.in(square, replicas, count, side, side);
    Stack z = spare(count, rows, columns);
    for (int i = 0; i < steps; i++) {
      backend.gemm(tall, !tall, u.each(), u.each(), 0, g.each());
      backend.gemm(false, false, g.each(), g.each(), 0, gg.each());
      // b A + c A² is c times this.
      combination.add(g.all(), B / C, gg.all());
      if (tall) {
        backend.gemm(false, false, u.each(), g.each(), 0, z.each());
      } else {
        backend.gemm(false, false, g.each(), u.each(), 0, z.each());
      }
      combination.add(u.all(), A / C, z.all());
      combination.scale(u.all(), C);
    }
  }
}
