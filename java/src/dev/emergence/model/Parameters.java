package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;

/**
 * The parameters of R replicas and their gradients. Each replica has one flat row of P numbers in
 * both, and every layer uses the parts of it that carry its names.
 */
public final class Parameters {
  private final Layout layout;
  private final Tensor values;
  private final Tensor gradient;

  /**
   * Rows of zeros.
   *
   * @param scope owner of the memory
   * @param layout names, shapes and places of the parts of a row
   * @param replicas R
   */
  public Parameters(Scope scope, Layout layout, int replicas) {
    this(layout, scope.floats(replicas, layout.size()), scope.floats(replicas, layout.size()));
  }

  private Parameters(Layout layout, Tensor values, Tensor gradient) {
    this.layout = layout;
    this.values = values;
    this.gradient = gradient;
  }

  /** Zero-filled rows of a model that is never trained: half the memory, without gradients. */
  public static Parameters forwardOnly(Scope scope, Layout layout, int replicas) {
    Tensor values = scope.floats(replicas, layout.size());
    // A network that is not for training writes no gradient.
    return new Parameters(layout, values, values);
  }

  /** Draws the initial values of a replica from a seed. */
  public void initialize(Backend backend, int replica, int seed) {
    backend.write(values.replica(replica), InitialValues.draw(layout, seed));
  }

  /** Names, shapes and places of the parts of a row. */
  public Layout layout() {
    return layout;
  }

  /** All values (R, P). */
  public Tensor values() {
    return values;
  }

  /** All gradients (R, P). */
  public Tensor gradient() {
    return gradient;
  }

  /**
   * One parameter as a tensor (R, its shape) that shares the memory of its row.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public Tensor value(String name) {
    return span(values, name, name);
  }

  /**
   * The gradient of one parameter, as {@link #value}.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public Tensor gradient(String name) {
    return span(gradient, name, name);
  }

  /**
   * Parameters that follow each other from {@code first} to {@code last}, as one stacked along
   * their first dimension.
   */
  Tensor values(String first, String last) {
    return span(values, first, last);
  }

  /** The gradients of {@link #values(String, String)}. */
  Tensor gradients(String first, String last) {
    return span(gradient, first, last);
  }

  private Tensor span(Tensor rows, String first, String last) {
    Layout.Part head = layout.part(first);
    Layout.Part tail = layout.part(last);
    long size = tail.start() + tail.size() - head.start();
    long width = head.size() / head.shape().get(0);
    if (size % width != 0) {
      throw new IllegalArgumentException(
          "parameters '" + first + "' to '" + last + "' cannot be stacked: their widths differ");
    }
    if (head.shape().size() == 1) {
      return rows.part(head.start(), size);
    }
    return rows.part(head.start(), size / width, width);
  }
}
