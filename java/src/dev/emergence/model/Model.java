package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;

/**
 * An architecture for inputs of one shape: which parameters it has, and how to make networks that
 * compute with them.
 */
public interface Model {

  /** Names, shapes and initial distribution of the parameters. */
  Layout layout();

  /**
   * A network for one batch size.
   *
   * @param scope owner of its buffers
   * @param parameters of {@link #layout}
   */
  Network network(Backend backend, Scope scope, Parameters parameters, NetworkOptions options);
}
