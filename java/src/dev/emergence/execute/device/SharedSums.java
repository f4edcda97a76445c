package dev.emergence.execute.device;

import dev.emergence.execute.device.OperationWork.Products;
import dev.emergence.execute.device.StepOperations.Operation;
import dev.emergence.execute.device.StepOperations.Step;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Gradients of biases that the gradient of their weight sums beside it, so that nobody reads dY a
 * second time: by the rules of {@code has_rows_of} in native/cuda/gradient_sums.h and of {@code
 * column_cut} in native/cuda/columns.h.
 */
final class SharedSums {
  /** Rows of a piece of a sum, and the most pieces. */
  private static final int ROWS = 32;

  private static final int MOST_PIECES = 256;

  /** Columns, or groups of four of them, from which a piece has these rows. */
  private static final int LEAST_VECTORS = 17;

  private final Products products;
  private final List<Operation> makers = new ArrayList<>();
  private final Set<Operation> shared = Collections.newSetFromMap(new IdentityHashMap<>());

  private SharedSums(Products products) {
    this.products = products;
  }

  /** The sums of a step that need no read of their own. */
  static SharedSums of(Step step, Products products) {
    SharedSums sums = new SharedSums(products);
    step.operations().stream().filter(sums::makesSums).forEach(sums.makers::add);
    for (List<Operation> group : step.groups()) {
      // A sum that nothing is done with has a launch of its own.
      boolean joined = group.stream().anyMatch(o -> o.name().equals("gemm"));
      group.stream().filter(o -> joined && sums.finds(o)).forEach(sums.shared::add);
    }
    return sums;
  }

  private boolean makesSums(Operation o) {
    if (!o.name().equals("gemm") || !(Boolean) o.arguments().get(0)) {
      return false;
    }
    Tensor weight = tensor(o, 5);
    Tensor rows = tensor(o, 2);
    long n = weight.dim(weight.rank() - 1);
    boolean transB = (Boolean) o.arguments().get(1);
    return products.pieces(true, transB, columns(rows), n, rows(rows)) > 0;
  }

  /** Whether a product has the rows; it makes one sum at most. */
  private boolean finds(Operation o) {
    if (gradient(o) < 0) {
      return false;
    }
    Tensor rows = tensor(o, gradient(o));
    Tensor bias = tensor(o, o.arguments().size() - 1);
    boolean fours = columns(rows) % 4 == 0 && bias.offset() % 4 == 0;
    boolean pieces = rows(rows) > ROWS && rows(rows) <= (long) MOST_PIECES * ROWS;
    if (!pieces || columns(rows) / (fours ? 4 : 1) < LEAST_VECTORS) {
      return false;
    }
    for (Operation maker : makers) {
      if (isSame(tensor(maker, 2), rows)) {
        return makers.remove(maker);
      }
    }
    return false;
  }

  /** Which argument is summed over its rows; below 0 of what is no gradient of a bias. */
  private static int gradient(Operation o) {
    return switch (o.name()) {
      case "biasBackward" -> 0;
      case "biasActivationBackward" -> 2;
      default -> -1;
    };
  }

  private static boolean isSame(Tensor a, Tensor b) {
    return a.buffer() == b.buffer()
        && a.offset() == b.offset()
        && columns(a) == columns(b)
        && rows(a) == rows(b);
  }

  private static long columns(Tensor t) {
    return t.dim(t.rank() - 1);
  }

  /** Of a replica. */
  private static long rows(Tensor t) {
    return t.perReplica() / columns(t);
  }

  private static Tensor tensor(Operation o, int at) {
    return (Tensor) o.arguments().get(at);
  }

  /** Elements that a group reads less. */
  double elements(List<Operation> group) {
    return group.stream()
        .filter(shared::contains)
        .map(o -> tensor(o, gradient(o)))
        .mapToDouble(t -> (double) t.replicas() * t.perReplica())
        .sum();
  }
}
