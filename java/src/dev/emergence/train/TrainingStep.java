package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.model.Objective;
import dev.emergence.model.Parameters;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One optimiser step of a cohort, recorded once: draw a batch, forward, loss, backward, clip,
 * learning rate, optimiser, advance. No number of it passes the host.
 *
 * <p>A replica whose loss is not finite stops there: it keeps the parameters and moments that gave
 * that loss, and repeats that batch, while the others train. So it does not matter how many steps
 * later the host looks.
 */
final class TrainingStep implements AutoCloseable {
  private static final String DIVERGED_AT = "diverged.at";

  private static final double[] NOTHING = {Double.NaN};

  /** Stands under {@link #DIVERGED_AT} in a snapshot of a replica that trains. */
  private static final int NEVER = -1;

  private final Backend backend;
  private final Batch batch;
  private final Network network;
  private final Objective objective;
  private final Parameters parameters;
  private final Optimizer optimizer;
  private final LearningRates rates;
  private final double clip;
  private final Tensor step;
  private final Tensor norm;
  private final Tensor loss;
  private final Optional<Tensor> accuracy;
  private final Tensor stoppedAt;
  private int[] stopped;
  private final StepProgram program;

  /** Parts of a step. */
  record Parts(Batch batch, Network network, Objective objective, Parameters parameters) {}

  /**
   * Records the step.
   *
   * @param scope owner of its buffers
   * @param spec how the replicas train, but for the learning rate; see {@link #begin}
   */
  TrainingStep(Backend backend, Scope scope, Parts parts, TrainingSpec spec) {
    this.backend = backend;
    this.batch = parts.batch();
    this.network = parts.network();
    this.objective = parts.objective();
    this.parameters = parts.parameters();
    this.clip = spec.gradientClip();
    int r = parameters.values().replicas();
    this.step = scope.ints(r);
    List<Stretch> stretches = Stretch.of(parameters.layout(), spec.optimizer());
    this.rates = new LearningRates(backend, scope, spec.schedule(), stretches, r);
    this.norm = scope.floats(r);
    this.loss = scope.floats(r);
    this.accuracy = objective.correct().map(c -> scope.floats(r));
    this.stoppedAt = scope.ints(r);
    this.stopped = new int[r];
    this.optimizer =
        Optimizers.create(
            spec.optimizer(),
            new OptimizerInputs(backend, scope, parameters, stretches, rates, step, stoppedAt));
    this.program = backend.record(this::operations);
  }

  private void operations() {
    backend.range("sample", () -> batch.draw(step));
    backend.range("forward", () -> network.forward(batch.input()));
    backend.range("loss", this::loss);
    backend.range("backward", () -> network.backward(objective.dPrediction()));
    backend.range("optimiser", this::update);
  }

  private void loss() {
    objective.forward();
    objective.mean(objective.losses(), loss);
    accuracy.ifPresent(a -> objective.mean(objective.correct().orElseThrow(), a));
    backend.watch(loss, step, stoppedAt);
  }

  private void update() {
    if (clip > 0) {
      backend.clipGradient(parameters.gradient(), clip, norm);
    }
    rates.update(step);
    optimizer.step();
    backend.advance(step, stoppedAt);
  }

  /** Takes one step. */
  void run() {
    program.run();
  }

  /**
   * Waits for the steps that were issued, by reading one number of each replica: whether it has
   * stopped.
   */
  void await() {
    stopped = backend.ints(stoppedAt);
  }

  /** Lets a replica go on as a run does, or begin: its learning rate, counters, last batch. */
  void begin(int replica, Start run) {
    int divergedAt =
        run.from().map(from -> (int) from.array(DIVERGED_AT).values()[0]).orElse(NEVER);
    stopped[replica] = divergedAt == NEVER ? 0 : divergedAt;
    int next = divergedAt == NEVER ? Math.toIntExact(run.step() + 1) : divergedAt;
    backend.write(step.replica(replica), new int[] {next});
    backend.write(stoppedAt.replica(replica), new int[] {stopped[replica]});
    rates.begin(replica, run.config().training().optimizer().learningRate());
    batchMetrics()
        .forEach(
            (name, value) ->
                backend.write(
                    value.replica(replica),
                    run.from().map(from -> from.array("batch." + name).values()).orElse(NOTHING)));
  }

  /** Adds what a replica's counters need to go on, and what was measured on its last batch. */
  void save(int replica, Map<String, ShapedArray> to) {
    to.put(DIVERGED_AT, ShapedArray.scalar(divergedAt(replica).orElse(NEVER)));
    batchMetrics()
        .forEach(
            (name, value) ->
                to.put(
                    "batch." + name,
                    ShapedArray.scalar(backend.doubles(value.replica(replica))[0])));
  }

  /**
   * Means of the last batch over its scored targets, before its step: {@code loss}, {@code
   * accuracy} if targets are classes; (R) each.
   */
  Map<String, Tensor> batchMetrics() {
    Map<String, Tensor> metrics = new LinkedHashMap<>();
    metrics.put("loss", loss);
    accuracy.ifPresent(a -> metrics.put("accuracy", a));
    return metrics;
  }

  /**
   * The step at which the replica stopped, since its loss was not finite; as of the last {@link
   * #await}.
   */
  OptionalLong divergedAt(int replica) {
    int at = stopped[replica];
    return at == 0 ? OptionalLong.empty() : OptionalLong.of(at);
  }

  /** What the optimiser carries on. */
  Map<String, Tensor> optimizerState() {
    return optimizer.state();
  }

  @Override
  public void close() {
    program.close();
  }
}
