package dev.emergence.model;

import dev.emergence.model.NetworkOptions.Use;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors that a network computes in. A layer asks, when it is made, for what its backward
 * reads ({@link #kept}) and for what it needs only in passing ({@link #scratch}); layers of equal
 * role and shape share the latter, and in evaluation all of it.
 */
final class Memory {
  private final Backend backend;
  private final Scope scope;
  private final Parameters parameters;
  private final Use use;
  private final Map<String, Tensor> shared = new HashMap<>();

  Memory(Backend backend, Scope scope, Parameters parameters, Use use) {
    this.backend = backend;
    this.scope = scope;
    this.parameters = parameters;
    this.use = use;
  }

  Backend backend() {
    return backend;
  }

  Parameters parameters() {
    return parameters;
  }

  boolean training() {
    return use == Use.TRAINING;
  }

  /**
   * Of the layer alone in training; shared by role in evaluation.
   *
   * @param shape without R
   */
  Tensor kept(String role, long... shape) {
    return training() ? floats(shape) : scratch(role, shape);
  }

  /** As {@link #kept}, and of the layer alone in inspection too. */
  Tensor inspected(String role, long... shape) {
    return use == Use.EVALUATION ? scratch(role, shape) : floats(shape);
  }

  /**
   * Shared by all layers that name the same role and shape. Holds its value until another of them
   * runs.
   */
  Tensor scratch(String role, long... shape) {
    return shared.computeIfAbsent(role + Arrays.toString(shape), key -> floats(shape));
  }

  /** {@link #scratch} of a network for training alone. */
  Optional<Tensor> gradient(String role, long... shape) {
    return training() ? Optional.of(scratch(role, shape)) : Optional.empty();
  }

  /** Zeros that nobody writes: (R, n). */
  Tensor zeros(long n) {
    return scratch("zeros", n);
  }

  /**
   * The same values for each replica.
   *
   * @param shape without R
   */
  Tensor constant(double[] one, long... shape) {
    Tensor t = floats(shape);
    double[] all = new double[one.length * t.replicas()];
    for (int r = 0; r < t.replicas(); r++) {
      System.arraycopy(one, 0, all, r * one.length, one.length);
    }
    backend.write(t, all);
    return t;
  }

  /** Of the asker alone. */
  Tensor floats(long... shape) {
    return scope.floats(withReplicas(shape));
  }

  /**
   * Integers of the asker alone.
   *
   * @param shape without R
   */
  Tensor ints(long... shape) {
    return scope.ints(withReplicas(shape));
  }

  private long[] withReplicas(long... shape) {
    long[] full = new long[shape.length + 1];
    full[0] = parameters.values().replicas();
    System.arraycopy(shape, 0, full, 1, shape.length);
    return full;
  }
}
