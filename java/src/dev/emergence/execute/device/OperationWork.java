package dev.emergence.execute.device;

import dev.emergence.backend.OwnProducts;
import dev.emergence.execute.device.StepOperations.Operation;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.HeadProduct;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenAttention;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an operation asks of a device, by the table of native/cuda/README.md: each input read once,
 * each output written once.
 *
 * @param operations additions and multiplications of products; 0 where bytes decide in any case
 * @param bytes read and written
 * @param tiles blocks of a product of a replica; 0 of what is no product
 * @param matrix whether it is done by the step's arithmetic; else float32
 * @param small whether it has one query a head, backward so few tokens that one block takes a head,
 *     or so few targets that each block counts them, for which there are kernels of their own
 * @param own whether our own kernel multiplies
 */
record OperationWork(
    double operations, double bytes, double tiles, boolean matrix, boolean small, boolean own) {
  private static final int FLOAT = 4;

  /** What multiplies. */
  @FunctionalInterface
  interface Products {
    /** NVIDIA's library, all of them. */
    Products LIBRARY = (transA, transB, m, n, k) -> 0;

    /** Our own kernel where it is chosen, else the library. */
    static Products chosen(Arithmetic arithmetic) {
      return (transA, transB, m, n, k) -> OwnProducts.pieces(transA, transB, m, n, k, arithmetic);
    }

    /** See {@link OwnProducts#pieces}. */
    int pieces(boolean transA, boolean transB, long m, long n, long k);
  }

  /** Targets of cross entropy that each block counts. */
  private static final int FEW_TARGETS = 1024;

  private static final String ACTIVATION_BACKWARD = "biasActivationBackward";

  /** What works on numbers that a kernel has just made, where it is done by the same one. */
  private static final Set<String> FOLLOWERS =
      Set.of(
          "mean",
          "meanScored",
          "watch",
          "layerNorm",
          "addPositions",
          "biasResidual",
          "biasActivation",
          ACTIVATION_BACKWARD);

  /** Bytes an element of the parameters: what an optimiser reads and writes. */
  private static final Map<String, Integer> OPTIMIZERS = Map.of("adam", 28, "sgd", 20);

  /**
   * Heads of a replica from which one launch does attention's gradients on tensor cores: three for
   * four of an H100's multiprocessors.
   */
  private static final int JOINT_HEADS = 99;

  /** Arguments that are read as well as written. */
  private static final Map<String, Integer> REWRITTEN =
      Map.of("accumulate", 1, "addPositions", 0, "biasActivation", 0, "normScale", 0);

  /**
   * Of one operation, all its replicas.
   *
   * @param tile rows and columns of a product that one block computes
   * @param products what multiplies
   */
  static OperationWork of(Operation operation, int tile, Products products) {
    Object first = operation.arguments().get(0);
    return switch (operation.name()) {
      case "gemm" -> gemm(operation, tile, products);
      case "attention" -> attention((Attention) first, 4, 2, 2, false);
      case "attentionBackward" -> attentionBackward(((Attention.Gradient) first).forward());
      case "headProduct" -> heads((HeadProduct) first, tile);
      case "tokenAttention" -> tokens((TokenAttention) first, 4, operation);
      case "tokenAttentionBackward" ->
          tokens(((TokenAttention.Gradient) first).forward(), 8, operation);
      case "crossEntropy" -> crossEntropy(operation);
      case "takeTokens" -> bytes(2 * size(operation.arguments().get(2)));
      case "takeTokensBackward" -> bytes(3 * size(first));
      case "adam", "sgd" ->
          bytes(OPTIMIZERS.get(operation.name()) / FLOAT * size(((Moments) first).parameters()));
      default -> bytes(elements(operation.arguments()) + rewritten(operation));
    };
  }

  /**
   * Of operations that one kernel does: a tensor that one leaves to the next is not read again.
   *
   * @param group at least one
   */
  static OperationWork of(List<Operation> group, int tile, Products products) {
    OperationWork sum = of(group.get(0), tile, products);
    Set<List<Object>> seen = new HashSet<>(tensors(group.get(0).arguments()));
    for (Operation next : group.subList(1, group.size())) {
      OperationWork work = of(next, tile, products);
      double again = FOLLOWERS.contains(next.name()) ? FLOAT * again(next, seen) : 0;
      sum = sum.plus(work, work.bytes() - again);
      seen.addAll(tensors(next.arguments()));
    }
    return sum;
  }

  private OperationWork plus(OperationWork next, double moved) {
    return new OperationWork(
        operations + next.operations,
        bytes + moved,
        tiles + next.tiles,
        matrix || next.matrix,
        small,
        own || next.own);
  }

  private static double again(Operation operation, Set<List<Object>> seen) {
    double elements = 0;
    for (int i = 0; i < operation.arguments().size(); i++) {
      Object argument = operation.arguments().get(i);
      // Where a product finishes that gradient, it is read once more for the bias: see SharedSums.
      boolean summed = i > 0 && operation.name().equals(ACTIVATION_BACKWARD);
      if (argument instanceof Tensor t && !summed && seen.contains(place(t))) {
        boolean rewritten = Integer.valueOf(i).equals(REWRITTEN.get(operation.name()));
        elements += (rewritten ? 2 : 1) * size(t);
      }
    }
    return elements;
  }

  private static List<List<Object>> tensors(List<Object> arguments) {
    return arguments.stream().filter(Tensor.class::isInstance).map(t -> place((Tensor) t)).toList();
  }

  private static List<Object> place(Tensor t) {
    return List.of(t.buffer(), t.offset());
  }

  /** The same with fewer numbers read. */
  OperationWork less(double elements) {
    return new OperationWork(operations, bytes - FLOAT * elements, tiles, matrix, small, own);
  }

  /** Of the same with so many replicas in place of one. */
  OperationWork times(int replicas) {
    return new OperationWork(
        replicas * operations, replicas * bytes, replicas * tiles, matrix, small, own);
  }

  private static OperationWork crossEntropy(Operation call) {
    boolean gradient = ((Optional<?>) call.arguments().get(4)).isPresent();
    boolean few = ((Tensor) call.arguments().get(1)).perReplica() <= FEW_TARGETS;
    return new OperationWork(
        0, FLOAT * (double) elements(call.arguments()), 0, false, few || !gradient, false);
  }

  private static OperationWork bytes(double elements) {
    return new OperationWork(0, FLOAT * elements, 0, false, false, false);
  }

  /** Pieces of a sum are written and read once more than the sum. */
  private static OperationWork gemm(Operation call, int tile, Products products) {
    boolean transA = (Boolean) call.arguments().get(0);
    boolean transB = (Boolean) call.arguments().get(1);
    Tensor a = (Tensor) call.arguments().get(2);
    float beta = (Float) call.arguments().get(4);
    Tensor c = (Tensor) call.arguments().get(5);
    long n = c.dim(c.rank() - 1);
    long rows = elements(c) / n;
    long m = transA ? a.dim(a.rank() - 1) : rows / c.replicas();
    long depth = elements(a) / (m * a.replicas());
    int pieces = products.pieces(transA, transB, m, n, depth);
    double again = (beta == 0 ? 0 : 1) + (pieces > 1 ? 2 * pieces : 0);
    return new OperationWork(
        2.0 * rows * n * depth,
        FLOAT * (elements(call.arguments()) + again * elements(c)),
        Math.max(1, pieces) * c.replicas() * tiles(m, n, tile),
        true,
        false,
        pieces > 0);
  }

  private static double tiles(long rows, long columns, int tile) {
    return Math.ceil((double) rows / tile) * Math.ceil((double) columns / tile);
  }

  /** {@code perPair}: operations a query, key and channel; tensors of queries' and keys' size. */
  private static OperationWork attention(
      Attention a, int perPair, int ofQueries, int ofKeys, boolean small) {
    Attention.Shape s = a.shape();
    double heads = (double) a.out().replicas() * s.batch() * s.heads();
    double seen = s.causal() && s.queries() > 1 ? 0.5 : 1;
    double operations = seen * perPair * heads * s.queries() * s.keys() * s.headDim();
    double moved = heads * s.headDim() * (ofQueries * (double) s.queries() + ofKeys * s.keys());
    boolean single = s.queries() == 1;
    return new OperationWork(operations, FLOAT * moved, 0, !single, single || small, false);
  }

  /**
   * By the rules of {@code head_by_head} and {@code joins_gradients} in native/cuda/attention.h and
   * of split_attention.h.
   */
  private static OperationWork attentionBackward(Attention a) {
    Attention.Shape s = a.shape();
    boolean few = Math.max(s.queries(), s.keys()) <= 32;
    boolean joint = s.headDim() <= 64 && (s.keys() <= 64 || s.batch() * s.heads() >= JOINT_HEADS);
    return few || joint || s.queries() == 1
        ? attention(a, 10, 4, 4, true)
        : attention(a, 14, 6, 6, false);
  }

  private static OperationWork heads(HeadProduct p, int tile) {
    double elements = size(p.x()) + size(p.w()) + size(p.y());
    long rows = p.x().dim(1);
    long width = elements(p.y()) / (p.y().replicas() * rows * p.heads());
    double operations = 2 * size(p.x()) * width;
    double tiles = p.y().replicas() * p.heads() * tiles(rows, width, tile);
    return new OperationWork(operations, FLOAT * elements, tiles, false, false, false);
  }

  private static OperationWork tokens(TokenAttention a, int perPair, Operation call) {
    double operations = (double) perPair * size(a.p()) * a.x().dim(a.x().rank() - 1);
    return new OperationWork(
        operations, FLOAT * (double) elements(call.arguments()), 0, false, false, false);
  }

  private static double rewritten(Operation operation) {
    Integer at = REWRITTEN.get(operation.name());
    return at == null ? 0 : size(operation.arguments().get(at));
  }

  private static double size(Object tensor) {
    return elements(tensor);
  }

  /** Elements of all tensors in an argument, however deep; what is no tensor has none. */
  private static long elements(Object argument) {
    if (argument instanceof Tensor tensor) {
      return tensor.replicas() * tensor.perReplica();
    } else if (argument instanceof Optional<?> optional) {
      return optional.map(OperationWork::elements).orElse(0L);
    } else if (argument instanceof Collection<?> several) {
      return several.stream().mapToLong(OperationWork::elements).sum();
    } else if (argument instanceof Record) {
      long sum = 0;
      for (RecordComponent part : argument.getClass().getRecordComponents()) {
        sum += elements(value(part, argument));
      }
      return sum;
    }
    return 0;
  }

  private static Object value(RecordComponent part, Object of) {
    try {
      return part.getAccessor().invoke(of);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + part, e);
    }
  }
}
