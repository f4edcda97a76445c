package dev.emergence.model;

import dev.emergence.spec.LogitBias;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import java.util.Arrays;
import java.util.List;

/**
 * What logit biases need beyond the architecture.
 *
 * @param parents of the batch that the network reads, for biases toward parents
 * @param strengths of each bias of the architecture, one number a replica; empty: what the
 *     architecture says, in all replicas
 */
public record Guidance(List<Parents> parents, List<double[]> strengths) {
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
   * @param biases of the model
   */
  public void initialize(Backend backend, Parameters parameters, List<LogitBias> biases) {
    LogitBiases.initialize(backend, parameters, biases, this);
  }

  /** Strengths of bias number n, one a replica. */
  double[] strengths(int n, LogitBias spec, int replicas) {
    if (!strengths.isEmpty()) {
      return strengths.get(n);
    }
    double[] equal = new double[replicas];
    Arrays.fill(equal, spec.strength());
    return equal;
  }
}
