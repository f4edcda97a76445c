package dev.emergence.model;

import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.ToyInitialization;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;

/**
 * The toy model of Eq. 2 (Zucchet et al. 2025), y = W Σ_t softmax(a)_t x_t, to be trained on
 * samples. Parameters are {@code scores} (L, 1), which start at 0, and {@code weights} (outputs,
 * inputs), which start at 0 or N(0, 1/inputs).
 */
final class ToyModel implements Model {
  static final String SCORES = "scores";
  static final String WEIGHTS = "weights";

  private final Signature signature;
  private final Layout layout;

  ToyModel(ToySpec spec, Signature signature) {
    if (signature.discrete()) {
      throw new IllegalArgumentException(
          "the toy model averages tokens that are vectors, got a vocabulary of "
              + signature.inputs());
    }
    this.signature = signature;
    boolean zero = spec.initialization() == ToyInitialization.ZERO;
    Initial weights =
        zero ? new Initial.Constant(0) : new Initial.Normal(1 / Math.sqrt(signature.inputs()));
    layout =
        new Layout.Builder()
            .add(SCORES, new Initial.Constant(0), signature.length(), 1)
            .add(WEIGHTS, weights, signature.outputs(), signature.inputs())
            .build();
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public Network network(
      Backend backend, Scope scope, Parameters parameters, NetworkOptions options) {
    return new ToyNetwork(
        new Memory(backend, scope, parameters, options.use()), signature, options);
  }
}
