package dev.emergence.model;

import dev.emergence.spec.LogitBias;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import java.util.List;

/**
 * What logit biases need beyond the architecture.
 *
 * @param parents of the batch that the network reads, for biases toward parents
 * @param strengths of each bias of the architecture, (R, 1) each; those that are trained are read
 *     from the parameters instead. Empty: what the architecture says, in all replicas
 */
public record Guidance(List<Parents> parents, List<Tensor> strengths) {
  /** For an architecture without biases, or with such as need no batch. */
  public static final Guidance NONE = new Guidance(List.of(), List.of());

  /** Copies the lists. */
  public Guidance {
    parents = List.copyOf(parents);
    strengths = List.copyOf(strengths);
  }

  /**
   * Gives the strengths that are trained their initial values.
   *
   * @param biases of the replica's run
   */
  public static void initialize(
      Backend backend, Parameters parameters, int replica, List<LogitBias> biases) {
    LogitBiases.initialize(backend, parameters, replica, biases);
  }
}
