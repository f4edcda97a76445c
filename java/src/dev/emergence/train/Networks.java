package dev.emergence.train;

import dev.emergence.model.Guidance;
import dev.emergence.model.Model;
import dev.emergence.model.Models;
import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Parameters;
import dev.emergence.model.Signature;
import dev.emergence.spec.LogitBias;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.List;

/** The networks of a cohort: one model, one set of parameters. */
final class Networks {
  private final Backend backend;
  private final Scope scope;
  private final Model model;
  private final Parameters parameters;
  private final List<LogitBias> biases;
  private final List<Tensor> strengths;
  private final boolean shortcut;

  /**
   * Parameters of zeros, until {@link #initialize}.
   *
   * @param scope owner of parameters and networks
   * @param common what the runs have in common
   * @param shortcut whether to leave out what nobody reads
   */
  Networks(Backend backend, Scope scope, RunConfig common, int replicas, boolean shortcut) {
    this.backend = backend;
    this.scope = scope;
    this.shortcut = shortcut;
    this.model = Models.create(common.architecture(), Signature.of(common.task().predicts()));
    this.parameters = new Parameters(scope, model.layout(), replicas);
    this.biases = common.architecture().logitBias();
    this.strengths = biases.stream().map(bias -> scope.floats(replicas, 1)).toList();
  }

  /** Gives a replica what a run's networks have of their own: the strengths of its biases. */
  void enter(int replica, RunConfig run) {
    for (int n = 0; n < strengths.size(); n++) {
      double[] strength = {run.architecture().logitBias().get(n).strength()};
      backend.write(strengths.get(n).replica(replica), strength);
    }
  }

  /** Draws the initial parameters of a run from its seed. */
  void initialize(int replica, Replica run) {
    parameters.initialize(backend, replica, run.config().streams().init().orElse(run.seed()));
    Guidance.initialize(backend, parameters, replica, run.config().architecture().logitBias());
  }

  Parameters parameters() {
    return parameters;
  }

  /** Whether a network belongs to one batch, since what the batch knows guides its attention. */
  boolean perBatch() {
    return biases.stream().anyMatch(bias -> bias.toward() == LogitBias.Toward.PARENTS);
  }

  /** A network that reads the batch, or any like it unless {@link #perBatch}. */
  Network of(NetworkOptions options, Batch batch) {
    List<Parents> parents = perBatch() ? batch.parents() : List.of();
    NetworkOptions guided = options.with(new Guidance(parents, strengths));
    return model.network(backend, scope, parameters, shortcut ? guided : guided.withoutShortcut());
  }
}
