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
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import java.util.List;
import java.util.stream.IntStream;

/** The networks of a cohort: one model, one set of parameters. */
final class Networks {
  private final Backend backend;
  private final Scope scope;
  private final Model model;
  private final Parameters parameters;
  private final List<LogitBias> biases;
  private final List<double[]> strengths;
  private final boolean shortcut;

  /**
   * Parameters as the seeds draw them.
   *
   * @param scope owner of parameters and networks
   * @param shortcut whether to leave out what nobody reads
   */
  Networks(
      Backend backend,
      Scope scope,
      List<RunConfig> configs,
      List<Integer> seeds,
      boolean shortcut) {
    RunConfig common = configs.get(0);
    this.backend = backend;
    this.scope = scope;
    this.shortcut = shortcut;
    this.model = Models.create(common.architecture(), Signature.of(common.task().predicts()));
    this.parameters = new Parameters(scope, model.layout(), configs.size());
    this.biases = common.architecture().logitBias();
    this.strengths =
        IntStream.range(0, biases.size()).mapToObj(n -> strengths(configs, n)).toList();
    parameters.initialize(backend, seeds.stream().mapToInt(Integer::intValue).toArray());
    new Guidance(List.of(), strengths).initialize(backend, parameters, biases);
  }

  /** Of bias number n, one a replica. */
  private static double[] strengths(List<RunConfig> configs, int n) {
    return configs.stream()
        .mapToDouble(c -> c.architecture().logitBias().get(n).strength())
        .toArray();
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
