package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Objective;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Task;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Trains a cohort by gradient steps on batches of its task. All memory is allocated when it is made
 * and freed when it is closed.
 *
 * <p>A replica that has diverged stays as it was, and one that has ended is trained on with the
 * others, its numbers unread, until the caller makes a smaller cohort of the snapshots of the rest:
 * a cohort's members do not see each other, so that changes nothing for them.
 */
public final class Trainer implements Training {
  private static final String BATCH = "train.";
  private static final String IN_CONTEXT = "in_context";
  private static final String CROSS_SAMPLE = "cross_sample";

  private final Backend backend;
  private final Scope scope;
  private final List<RunConfig> configs;
  private final Task task;
  private final Networks networks;
  private final TrainingStep training;
  private final TestSets testSets;
  private final TrainingState state;
  private final List<RepetitionChanges> repetitions;
  private final ToyColumns toy;
  private final List<String> columns;
  private long step;

  /**
   * A cohort at step 0.
   *
   * @param backend where it computes; stays the caller's
   * @param configs one a replica, equal but for seeds, learning rate, repetition and what follows
   *     from it
   * @param seeds as many
   * @throws IllegalArgumentException when nothing of this kind trains on batches, replicas differ
   *     in more than they may, or the device has no arithmetic of the precision asked for
   */
  public static Training create(Backend backend, List<RunConfig> configs, List<Integer> seeds) {
    return create(backend, configs, seeds, true);
  }

  /**
   * As {@link #create(Backend, List, List)}.
   *
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
    Members.requireEqual(configs);
    use(backend, configs.get(0).training().precision());
    Scope scope = new Scope(backend);
    try {
      return new Trainer(backend, scope, List.copyOf(configs), List.copyOf(seeds), shortcut);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private Trainer(
      Backend backend,
      Scope scope,
      List<RunConfig> configs,
      List<Integer> seeds,
      boolean shortcut) {
    this.backend = backend;
    this.scope = scope;
    this.configs = configs;
    RunConfig common = configs.get(0);
    List<Replica> replicas =
        IntStream.range(0, configs.size())
            .mapToObj(r -> new Replica(configs.get(r), seeds.get(r)))
            .toList();
    this.task = Tasks.create(backend, scope, replicas);
    List<Integer> initial =
        replicas.stream().map(r -> r.config().streams().init().orElse(r.seed())).toList();
    this.networks = new Networks(backend, scope, configs, initial, shortcut);
    this.training = step(common);
    this.testSets = new TestSets(backend, scope, task, networks, common);
    this.state = new TrainingState(backend, networks.parameters(), training.optimizerState());
    this.repetitions = configs.stream().map(c -> new RepetitionChanges(c.repetition())).toList();
    this.toy = ToyColumns.of(configs, seeds);
    this.columns = names();
    repeat();
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
        configs.stream().map(RunConfig::training).toList());
  }

  /** Lets each replica repeat as its changes have it. */
  private void repeat() {
    for (int r = 0; r < replicas(); r++) {
      RepetitionChanges now = repetitions.get(r);
      now.reached(step);
      task.repeat(r, now.inContext(), now.crossSample());
    }
  }

  @Override
  public int replicas() {
    return configs.size();
  }

  @Override
  public long step() {
    return step;
  }

  @Override
  public void trainTo(long target) {
    if (target < step) {
      throw new IllegalArgumentException("cannot train back to step " + target + " from " + step);
    }
    while (step < target) {
      long change =
          repetitions.stream().mapToLong(RepetitionChanges::next).min().orElse(Long.MAX_VALUE);
      long until = Math.min(target, change);
      for (; step < until; step++) {
        training.run();
      }
      if (step == change) {
        repeat();
      }
    }
    // Steps are issued without waiting; one number read here waits for them all, so that the
    // caller's clock sees what they took.
    training.divergedAt(0);
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
    if (!configs.get(0).repetition().changes().isEmpty()) {
      names.addAll(List.of(IN_CONTEXT, CROSS_SAMPLE));
    }
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
    if (columns.contains(IN_CONTEXT)) {
      means.set(
          IN_CONTEXT, repetitions.stream().mapToDouble(RepetitionChanges::inContext).toArray());
      means.set(
          CROSS_SAMPLE, repetitions.stream().mapToDouble(RepetitionChanges::crossSample).toArray());
    }
    testSets.measure(means);
    readToy(means);
    return means.values();
  }

  private void readToy(Means means) {
    for (int r = 0; r < replicas() && !toy.names().isEmpty(); r++) {
      int replica = r;
      toy.at(r, state.parameters(r), repetitions.get(r).inContext())
          .forEach((name, value) -> means.add(replica, means.at(name), value));
    }
  }

  @Override
  public void react(double[][] measured) {
    boolean changed = false;
    for (int r = 0; r < replicas(); r++) {
      double[] row = measured[r];
      changed |= repetitions.get(r).measured(step, metric -> row[columns.indexOf(metric)]);
    }
    if (changed) {
      repeat();
    }
  }

  @Override
  public OptionalLong divergedAt(int replica) {
    return training.divergedAt(replica);
  }

  @Override
  public Snapshot snapshot(int replica) {
    Map<String, Snapshot.Array> arrays = new LinkedHashMap<>();
    state.save(replica, arrays);
    training.save(replica, arrays);
    repetitions.get(replica).save(arrays);
    return new Snapshot(step, arrays);
  }

  @Override
  public void restore(List<Snapshot> snapshots) {
    if (snapshots.size() != replicas()
        || snapshots.stream().mapToLong(Snapshot::step).distinct().count() != 1) {
      List<Long> steps = snapshots.stream().map(Snapshot::step).toList();
      throw new IllegalArgumentException(
          replicas() + " replicas need as many snapshots of one step, got those of steps " + steps);
    }
    for (int r = 0; r < replicas(); r++) {
      state.restore(r, snapshots.get(r));
      training.restore(r, snapshots.get(r));
      repetitions.get(r).restore(snapshots.get(r));
    }
    step = snapshots.get(0).step();
    repeat();
  }

  @Override
  public Map<String, Snapshot.Array> parameters(int replica) {
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
