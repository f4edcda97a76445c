package dev.emergence.train;

import dev.emergence.model.HeadOverride;
import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Objective;
import dev.emergence.spec.Measure;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.Parts;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Stack;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Task;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model on one of its test sets, studied by one of the columns that are measured there.
 * The sequences are those of the run's evaluations.
 */
public final class TestSubject implements Subject {
  private final Backend backend;
  private final Scope scope;
  private final RunConfig config;
  private final String column;
  private final Chunks chunks;
  private final Batch batch;
  private final Tensor part;
  private final Side receiver;
  private final Optional<Side> donor;
  private final Objective objective;
  private final Runnable pulse;
  private final List<String> columns = new ArrayList<>();
  private final List<Probe.Bound> bound = new ArrayList<>();

  /** A network and the parameters that it computes with. */
  private record Side(
      Networks networks, Network network, List<HeadOverride> overrides, TrainingState state) {}

  /**
   * A model.
   *
   * @param backend where it computes; stays the caller's
   * @param column a column of a measure of a test set: {@code test.loss}, {@code test.accuracy.out}
   * @param weights parameters of the model by name
   * @param donor of the model whose patterns replaced heads take; of the same configuration
   * @param pulse called between parts of the test set; may throw to end the work
   * @throws IllegalArgumentException when nothing measures the column, or weights do not fit
   */
  public static TestSubject create(
      Backend backend,
      Replica run,
      String column,
      Map<String, ShapedArray> weights,
      Optional<Map<String, ShapedArray>> donor,
      Runnable pulse) {
    Trainer.use(backend, run.config().training().precision());
    Scope scope = new Scope(backend);
    try {
      TestSubject subject = new TestSubject(backend, scope, run, column, donor.isPresent(), pulse);
      subject.load(weights);
      donor.ifPresent(subject::loadDonor);
      return subject;
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private TestSubject(
      Backend backend, Scope scope, Replica run, String column, boolean donates, Runnable pulse) {
    this.pulse = pulse;
    this.backend = backend;
    this.scope = scope;
    this.config = run.config();
    this.column = column;
    String testSet = column.substring(0, Math.max(0, column.indexOf('.')));
    this.chunks =
        Chunks.of(config.measurement().evaluateSamples(), config.task().predicts().length());
    Task task = Tasks.create(backend, scope, List.of(run));
    this.batch = task.test(testSet, chunks.size());
    this.part = scope.ints(1);
    boolean changes = heads() > 0;
    Tensor own = changes ? patterns() : scope.floats(1, 1);
    this.donor = donates ? Optional.of(side(run, own, List.of(), true)) : Optional.empty();
    this.receiver = side(run, own, donor.map(Side::overrides).orElse(List.of()), false);
    this.objective =
        new Objective(backend, scope, receiver.network().prediction(), batch.target(), false);
    bind(testSet);
  }

  private void bind(String testSet) {
    Parts parts = Parts.of(config);
    Probe.Place place =
        new Probe.Place(
            backend,
            scope,
            parts,
            testSet,
            chunks.size(),
            batch,
            objective,
            List.of(),
            receiver.network().hidden());
    for (Measure measure : Measure.all()) {
      List<String> own =
          Metrics.columns(measure, parts, testSet).stream()
              .filter(c -> c.startsWith(testSet + "."))
              .toList();
      if (!own.isEmpty() && measure instanceof Probe probe) {
        columns.addAll(own);
        bound.add(Probe.bound(probe, place, own));
      }
    }
    new Means(1, columns).at(column);
  }

  /** Room for the patterns of a layer. */
  private Tensor patterns() {
    int length = config.task().predicts().length();
    return scope.floats(1, chunks.size(), heads(), length, length);
  }

  /**
   * @param others what replaced heads take, a layer each; none: nothing can be replaced
   * @param keeps whether each layer's own patterns stay, for another model to take
   */
  private Side side(Replica run, Tensor own, List<HeadOverride> others, boolean keeps) {
    Networks networks = new Networks(backend, scope, config, 1, false);
    networks.enter(0, config);
    networks.initialize(0, run);
    List<HeadOverride> overrides = new ArrayList<>();
    for (int layer = 0; layer < layers() && heads() > 0; layer++) {
      Tensor mine = keeps ? patterns() : own;
      Tensor other = others.isEmpty() ? mine : others.get(layer).own();
      overrides.add(new HeadOverride(mine, other, scope.ints(1, heads()), scope.ints(1, heads())));
    }
    NetworkOptions options =
        heads() > 0
            ? NetworkOptions.inspection(chunks.size()).with(overrides)
            : NetworkOptions.evaluation(chunks.size());
    Network network = networks.of(options, batch);
    Side side =
        new Side(
            networks,
            network,
            overrides,
            new TrainingState(backend, networks.parameters(), Map.of()));
    set(side, HeadChange.NONE);
    return side;
  }

  /**
   * Puts other parameters in place.
   *
   * @throws IllegalArgumentException naming the array that is missing or has another shape
   */
  public void load(Map<String, ShapedArray> weights) {
    receiver.state().restore(0, new Snapshot(0, weights));
  }

  private void loadDonor(Map<String, ShapedArray> weights) {
    donor.orElseThrow().state().restore(0, new Snapshot(0, weights));
  }

  @Override
  public int layers() {
    return config.architecture().stack().map(Stack::layers).orElse(0);
  }

  @Override
  public int heads() {
    return config.architecture().heads();
  }

  @Override
  public double[] measure(List<HeadChange> changes) {
    changes.forEach(this::check);
    List<Means> means = new ArrayList<>();
    changes.forEach(change -> means.add(new Means(1, columns)));
    boolean replaces = changes.stream().anyMatch(c -> isReplaced(c));
    for (int i = 0; i < chunks.count(); i++) {
      backend.write(part, new int[] {i});
      batch.draw(part);
      if (replaces) {
        donor.orElseThrow().network().forward(batch.input());
      }
      for (int c = 0; c < changes.size(); c++) {
        pulse.run();
        set(receiver, changes.get(c));
        measure(means.get(c), chunks.used(i));
      }
    }
    return means.stream().mapToDouble(this::value).toArray();
  }

  private void measure(Means to, int used) {
    receiver.network().forward(batch.input());
    objective.forward();
    bound.forEach(Probe.Bound::compute);
    bound.forEach(b -> b.add(to, used));
  }

  private double value(Means means) {
    bound.forEach(b -> b.finish(means));
    return means.value(0, means.at(column));
  }

  private static boolean isReplaced(HeadChange change) {
    return change.how() == HeadChange.How.REPLACE && !change.heads().isEmpty();
  }

  private void check(HeadChange change) {
    if (isReplaced(change) && donor.isEmpty()) {
      throw new IllegalStateException("there is no other model whose patterns heads could take");
    }
    for (HeadChange.Head head : change.heads()) {
      if (head.layer() < 1 || head.layer() > layers() || head.head() < 1 || head.head() > heads()) {
        throw new IllegalArgumentException(
            "there is no head "
                + head
                + "; the model has "
                + layers()
                + " layers of "
                + heads()
                + " heads, counted from 1");
      }
    }
  }

  private void set(Side side, HeadChange change) {
    for (int layer = 0; layer < side.overrides().size(); layer++) {
      int[] left = new int[heads()];
      int[] changed = new int[heads()];
      Arrays.fill(left, 1);
      for (HeadChange.Head head : change.heads()) {
        if (head.layer() == layer + 1) {
          left[head.head() - 1] = 0;
          changed[head.head() - 1] = change.how() == HeadChange.How.REPLACE ? 1 : 2;
        }
      }
      backend.write(side.overrides().get(layer).left(), left);
      backend.write(side.overrides().get(layer).changed(), changed);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
