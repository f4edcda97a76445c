package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;

/** A model on a backend with one batch of noise: parameters, a network and its objective. */
final class ModelRun implements AutoCloseable {
  final Backend backend;
  final ModelCase of;
  final Model model;
  final Parameters parameters;
  final Tensor input;
  final Tensor target;
  private final Tensor mean;
  private final Scope scope;
  private Network network;
  private Objective objective;

  ModelRun(Backend backend, ModelCase of, NetworkOptions options) {
    this(backend, of, Models.create(of.architecture(), of.signature()), options);
  }

  /** Of a model that no catalog knows. */
  ModelRun(Backend backend, ModelCase of, Model model, NetworkOptions options) {
    this.backend = backend;
    this.of = of;
    this.scope = new Scope(backend);
    this.model = model;
    this.parameters = new Parameters(scope, model.layout(), of.replicas());
    for (int r = 0; r < of.replicas(); r++) {
      parameters.initialize(backend, r, seeds()[r]);
    }
    Signature s = of.signature();
    int r = of.replicas();
    this.input =
        s.discrete()
            ? scope.ints(r, of.batch(), s.length())
            : scope.floats(r, of.batch(), s.length(), s.inputs());
    int targets = s.scored().count();
    this.target =
        s.discrete()
            ? scope.ints(r, of.batch(), targets)
            : scope.floats(r, of.batch(), targets, s.outputs());
    this.mean = scope.floats(r);
    write(input, of.inputs(101));
    write(target, of.targets(202));
    use(options);
  }

  /** Replaces the network; parameters and batch stay. */
  void use(NetworkOptions options) {
    boolean training = options.use() == NetworkOptions.Use.TRAINING;
    network = model.network(backend, scope, parameters, options);
    objective = new Objective(backend, scope, network.prediction(), target, training);
  }

  void write(Tensor to, double[] values) {
    if (to.dtype() == DType.I32) {
      backend.write(to, Arrays.stream(values).mapToInt(x -> (int) x).toArray());
    } else {
      backend.write(to, values);
    }
  }

  Network network() {
    return network;
  }

  /** Prediction for the batch as it stands. */
  double[] predict() {
    network.forward(input);
    return backend.doubles(network.prediction());
  }

  /** Mean loss of each replica over what is scored. */
  double[] loss() {
    network.forward(input);
    objective.forward();
    objective.mean(objective.losses(), mean);
    return backend.doubles(mean);
  }

  /** Gradient of the loss for all parameters, by the model's own backward. */
  double[] gradient() {
    // Anything that backward should overwrite but does not would show.
    double[] stale = new double[(int) parameters.gradient().size()];
    Arrays.fill(stale, 1e3);
    backend.write(parameters.gradient(), stale);
    network.forward(input);
    objective.forward();
    network.backward(objective.dPrediction());
    return backend.doubles(parameters.gradient());
  }

  private int[] seeds() {
    int[] seeds = new int[of.replicas()];
    Arrays.setAll(seeds, r -> 11 + 3 * r);
    return seeds;
  }

  @Override
  public void close() {
    scope.close();
  }
}
