package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Objective;
import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Task;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Trains a cohort by gradient steps on batches of its task. All memory is allocated when it is made
 * and freed when it is closed.
 *
 * <p>A replica that has diverged stays as it was, and one that has ended is trained on with the
 * others, its numbers unread, until the caller gives its place to another run, or makes a smaller
 * cohort of the snapshots of the rest: a cohort's members do not see each other, so that changes
 * nothing for them. What is recorded depends on the shapes alone; all that a run has of its own
 * lies in tensors with a row for each replica.
 *
 * <p>It has a little more than 300 lines because it only orders what its parts do: a class for one
 * of its steps would need nearly all of its fields.
 */
public final class Trainer implements Training {
  private static final String BATCH = "train.";

  private final Backend backend;
  private final Scope scope;
  private final List<RunConfig> configs;
  private final long[] steps;
  private final Task task;
  private final Networks networks;
  private final TrainingStep training;
  private final TestSets testSets;
  private final TrainingState state;
  private final Repetitions repetitions;
  private final ToyColumns toy;
  private final List<String> columns;
  private Optional<Means> measured = Optional.empty();

  /**
   * A cohort.
   *
   * @param backend where it computes; stays the caller's
   * @param runs one a replica, equal but for seeds, learning rate, repetition and what follows from
   *     it
   * @throws IllegalArgumentException when nothing of this kind trains on batches, replicas differ
   *     in more than they may, a snapshot is of another model, or the device has no arithmetic of
   *     the precision asked for
   */
  public static Training create(Backend backend, List<Start> runs) {
    return create(backend, runs, true);
  }

  /**
   * A cohort at step 0.
   *
   * @param configs one a replica
   * @param seeds as many
   */
  public static Training create(Backend backend, List<RunConfig> configs, List<Integer> seeds) {
    return create(backend, configs, seeds, true);
  }

  /**
   * A cohort at step 0.
   *
   * @param configs one a replica
   * @param seeds as many
   * @param shortcut whether to leave out what nobody reads ({@link NetworkOptions#shortcut});
   *     without it losses and gradients are the same to rounding
   */
  public static Training create(
      Backend backend, List<RunConfig> configs, List<Integer> seeds, boolean shortcut) {
    if (configs.isEmpty() || configs.size() != seeds.size()) {
      throw new IllegalArgumentException(
          "a cohort needs as many seeds as runs, and one at least; got "
              + seeds.size()
              + " and "
              + configs.size());
    }
    List<Start> runs =
        IntStream.range(0, configs.size())
            .mapToObj(r -> new Start(configs.get(r), seeds.get(r)))
            .toList();
    return create(backend, runs, shortcut);
  }

  private static Training create(Backend backend, List<Start> runs, boolean shortcut) {
    Members.requireEqual(runs.stream().map(Start::config).toList());
    use(backend, runs.get(0).config().training().precision());
    Scope scope = new Scope(backend);
    Trainer made;
    try {
      made = new Trainer(backend, scope, runs, shortcut);
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
    try {
      IntStream.range(0, runs.size()).forEach(r -> made.begin(r, runs.get(r)));
      return made;
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  /** Whose runs have not begun. */
  private Trainer(Backend backend, Scope scope, List<Start> runs, boolean shortcut) {
    this.backend = backend;
    this.scope = scope;
    this.configs = new ArrayList<>(runs.stream().map(Start::config).toList());
    this.steps = new long[runs.size()];
    RunConfig common = configs.get(0);
    this.task = Tasks.create(backend, scope, runs.stream().map(Trainer::replica).toList());
    this.networks = new Networks(backend, scope, common, runs.size(), shortcut);
    this.training = step(common);
    this.testSets = new TestSets(backend, scope, task, networks, common);
    this.state = new TrainingState(backend, networks.parameters(), training.optimizerState());
    this.repetitions = new Repetitions(task, configs);
    this.toy = new ToyColumns(common, runs.size());
    this.columns = names();
  }

  private static Replica replica(Start run) {
    return new Replica(run.config(), run.seed());
  }

  @Override
  public void enter(int replica, Start run) {
    Members.requireEqual(List.of(configs.get(0), run.config()));
    task.enter(replica, replica(run));
    configs.set(replica, run.config());
    begin(replica, run);
  }

  /** Writes all that a run has of its own, but for its data. */
  private void begin(int replica, Start run) {
    steps[replica] = run.step();
    networks.enter(replica, run.config());
    toy.enter(replica, replica(run));
    repetitions.enter(replica, run.config());
    if (run.from().isPresent()) {
      state.restore(replica, run.from().get());
      repetitions.restore(replica, run.from().get());
    } else {
      networks.initialize(replica, replica(run));
      state.clear(replica);
    }
    training.begin(replica, run);
    repetitions.apply(replica, run.step());
  }

  private TrainingStep step(RunConfig common) {
    int size = common.training().batchSize();
    Batch batch = task.training(size);
    Network network = networks.of(NetworkOptions.training(size), batch);
    Objective objective = new Objective(backend, scope, network.prediction(), batch.target(), true);
    return new TrainingStep(
        backend,
        scope,
        new TrainingStep.Parts(batch, network, objective, networks.parameters()),
        common.training());
  }

  @Override
  public int replicas() {
    return configs.size();
  }

  @Override
  public long step(int replica) {
    return steps[replica];
  }

  @Override
  public void train(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("cannot take " + count + " steps");
    }
    for (long left = count; left > 0; ) {
      long next = Math.min(left, repetitions.untilChange(steps));
      for (long i = 0; i < next; i++) {
        training.run();
      }
      left -= next;
      for (int r = 0; r < replicas(); r++) {
        steps[r] += next;
        repetitions.advance(r, steps[r]);
      }
    }
    // Steps are issued without waiting; what is read here waits for them all, so that the caller's
    // clock sees what they took.
    training.await();
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(testSets.metrics());
    names.addAll(batchMetrics().keySet());
    names.addAll(testSets.attentionColumns());
    names.addAll(toy.names());
    names.addAll(repetitions.columns());
    return List.copyOf(names);
  }

  /**
   * What the last batch tells of the training distribution, unless a test set named train measures
   * it on more sequences.
   */
  private Map<String, Tensor> batchMetrics() {
    Map<String, Tensor> columns = new LinkedHashMap<>();
    training.batchMetrics().forEach((metric, values) -> columns.put(BATCH + metric, values));
    columns.keySet().removeAll(testSets.metrics());
    return columns;
  }

  @Override
  public double[][] evaluate() {
    Means means = new Means(replicas(), columns);
    batchMetrics().forEach((column, values) -> means.set(column, backend.doubles(values)));
    repetitions.measure(means);
    testSets.measure(means);
    readToy(means);
    measured = Optional.of(means);
    return means.values();
  }

  @Override
  public void requireFinite(int replica) {
    measured.ifPresent(
        means ->
            testSets
                .plugins()
                .forEach((column, owner) -> requireFinite(means, replica, column, owner)));
  }

  private void requireFinite(Means means, int replica, String column, Class<?> owner) {
    int at = means.at(column);
    if (means.isBroken(replica, at)) {
      throw PluginFailure.gave(
          owner,
          means.value(replica, at)
              + " for "
              + column
              + " at step "
              + steps[replica]
              + ", where the losses are finite; a measure that has no number adds none");
    }
  }

  private void readToy(Means means) {
    for (int r = 0; r < replicas() && !toy.names().isEmpty(); r++) {
      int replica = r;
      toy.at(r, state.parameters(r), repetitions.inContext(r))
          .forEach((name, value) -> means.add(replica, means.at(name), value));
    }
  }

  @Override
  public void react(int replica, double[] measured) {
    repetitions.react(replica, steps[replica], metric -> measured[columns.indexOf(metric)]);
  }

  @Override
  public OptionalLong divergedAt(int replica) {
    return training.divergedAt(replica);
  }

  @Override
  public Snapshot snapshot(int replica) {
    Map<String, ShapedArray> arrays = new LinkedHashMap<>();
    state.save(replica, arrays);
    training.save(replica, arrays);
    repetitions.save(replica, arrays);
    return new Snapshot(steps[replica], arrays);
  }

  @Override
  public Map<String, ShapedArray> parameters(int replica) {
    return state.parameters(replica);
  }

  @Override
  public List<AttentionPicture> pictures(int replica) {
    return testSets.pictures(replica);
  }

  @Override
  public double[][] trueKeys(int replica) {
    return testSets.trueKeys(replica);
  }

  @Override
  public void close() {
    testSets.close();
    training.close();
    scope.close();
  }

  /**
   * Lets a device compute in a precision.
   *
   * @throws IllegalArgumentException when it has no arithmetic for it
   */
  public static void use(Backend backend, TrainingSpec.Precision precision) {
    backend.arithmetic(Members.arithmetic(precision));
  }
}
