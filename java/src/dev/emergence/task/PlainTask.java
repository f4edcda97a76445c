package dev.emergence.task;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.TaskSpec;
import dev.emergence.task.SequenceTask.Attending;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.HostArray;
import dev.emergence.tensor.HostDraw;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs of a task that is written in plain Java: each replica has its own {@link SequenceTask}, and
 * batches are drawn by {@link Backend#drawHost}. Such a task does not repeat itself within a
 * context or across samples: B is 1 and p is 0.
 */
final class PlainTask implements Task {
  private final Backend backend;
  private final Scope scope;
  private final List<Replica> replicas;
  private final Prediction shape;
  private final List<SequenceTask> tasks;

  private PlainTask(
      Backend backend, Scope scope, List<Replica> replicas, List<SequenceTask> tasks) {
    this.backend = backend;
    this.scope = scope;
    this.replicas = replicas;
    this.shape = replicas.get(0).config().task().predicts();
    this.tasks = tasks;
  }

  /** The runs of a kind. */
  static <S extends Record & TaskSpec> Task create(
      TaskKind<S> kind, Backend backend, Scope scope, List<Replica> replicas) {
    List<SequenceTask> tasks = new ArrayList<>();
    for (Replica replica : replicas) {
      S spec = kind.spec().cast(replica.config().task());
      tasks.add(kind.create(spec, replica.stream(Purpose.TASK)));
    }
    return new PlainTask(backend, scope, replicas, tasks);
  }

  /** Levels of one run of a kind. */
  static <S extends Record & TaskSpec> List<Level> levels(
      TaskKind<S> kind, Replica run, String testSet) {
    SequenceTask task =
        kind.create(kind.spec().cast(run.config().task()), run.stream(Purpose.TASK));
    return drawn(task, run, testSet).levels(testSet);
  }

  @Override
  public Batch training(int samples) {
    return new Sequences(Purpose.DATA, samples, tasks, false);
  }

  @Override
  public Batch test(String testSet, int samples) {
    boolean asks = Cohort.prompts(replicas.get(0), testSet).isPresent();
    List<SequenceTask> drawn =
        IntStream.range(0, tasks.size()).mapToObj(r -> drawn(r, testSet)).toList();
    return new Sequences(Purpose.TEST, samples, drawn, asks);
  }

  private SequenceTask drawn(int replica, String testSet) {
    return drawn(tasks.get(replica), replicas.get(replica), testSet);
  }

  /** What a replica's test set is drawn from: the task, or one of its prompt sets. */
  private static SequenceTask drawn(SequenceTask task, Replica run, String testSet) {
    return Cohort.prompts(run, testSet).map(task::prompts).orElse(task);
  }

  @Override
  public void repeat(int replica, int inContext, double crossSample) {
    if (inContext != 1 || crossSample != 0) {
      throw new IllegalArgumentException(
          "this task does not repeat itself: in_context must be 1 and cross_sample 0, got "
              + inContext
              + " and "
              + crossSample);
    }
  }

  @Override
  public List<Level> levels(int replica, String testSet) {
    return drawn(replica, testSet).levels(testSet);
  }

  private final class Sequences implements Batch {
    private final int samples;
    private final List<SequenceTask> sources;
    private final List<RandomStream> streams;
    private final List<Integer> datasets;
    private final List<Attending> attending;
    private final List<Tensor> drawn = new ArrayList<>();
    private final List<Parents> parents;
    private final Optional<Tensor> foil;

    /**
     * @param sources of each replica
     * @param asks whether they are prompts, which have foils
     */
    Sequences(Purpose purpose, int samples, List<SequenceTask> sources, boolean asks) {
      this.samples = samples;
      this.sources = sources;
      this.parents = new ArrayList<>(fixed(sources));
      this.streams = replicas.stream().map(r -> r.stream(purpose)).toList();
      this.datasets = replicas.stream().map(r -> r.dataset(purpose)).toList();
      this.attending = sources.get(0).attending();
      int r = replicas.size();
      drawn.add(
          shape.discrete()
              ? scope.ints(r, samples, shape.length())
              : scope.floats(r, samples, shape.length(), shape.inputs()));
      drawn.add(target(r));
      for (Attending kind : attending) {
        Tensor queries = scope.ints(r, samples, kind.queries());
        Tensor keys = scope.ints(r, samples, kind.queries(), kind.keys());
        drawn.addAll(List.of(queries, keys));
        parents.add(new Parents(kind.name(), queries, keys));
      }
      this.foil = asks ? Optional.of(target(r)) : Optional.empty();
      foil.ifPresent(drawn::add);
    }

    private Tensor target(int r) {
      int scored = shape.scored().count();
      if (shape.loss() == Loss.SQUARED_ERROR) {
        return scope.floats(r, samples, scored, shape.outputs());
      }
      return scope.ints(r, samples, scored);
    }

    @Override
    public Tensor input() {
      return drawn.get(0);
    }

    @Override
    public Tensor target() {
      return drawn.get(1);
    }

    @Override
    public Optional<Tensor> foil() {
      return foil;
    }

    @Override
    public List<Parents> parents() {
      return List.copyOf(parents);
    }

    @Override
    public void draw(Tensor step) {
      backend.drawHost(new HostDraw(step, this::draw, drawn));
    }

    private void draw(int replica, int step, List<HostArray> arrays) {
      SequenceOut out = new SequenceOut(shape, attending, arrays);
      SequenceTask task = sources.get(replica);
      RandomStream stream = streams.get(replica);
      for (int n = 0; n < samples; n++) {
        RandomStream.Place at = stream.place(datasets.get(replica), step, n);
        task.draw(stream, at.step(), at.sample(), out.sequence(n));
      }
    }
  }

  /** Attention that is the same in every sequence of a run; runs may differ. */
  private List<Parents> fixed(List<SequenceTask> sources) {
    List<Parents> lists = new ArrayList<>();
    for (int i = 0; i < sources.get(0).attends().size(); i++) {
      int which = i;
      List<Attends> each = sources.stream().map(task -> task.attends().get(which)).toList();
      lists.add(list(each));
    }
    return lists;
  }

  /**
   * @param each one list a replica, of equally many queries
   */
  private Parents list(List<Attends> each) {
    int entries = each.get(0).queries().length;
    int width = Math.max(1, each.stream().mapToInt(Attends::most).max().orElse(1));
    int[] queries = each.stream().flatMapToInt(a -> Arrays.stream(a.queries())).toArray();
    int[] keys =
        each.stream()
            .flatMap(a -> Arrays.stream(a.keys()))
            .flatMapToInt(k -> padded(k, width))
            .toArray();
    Tensor of = scope.ints(each.size(), 1, entries);
    Tensor to = scope.ints(each.size(), 1, entries, width);
    backend.write(of, queries);
    backend.write(to, keys);
    return new Parents(each.get(0).name(), of, to);
  }

  private static IntStream padded(int[] keys, int width) {
    return IntStream.range(0, width).map(i -> i < keys.length ? keys[i] : -1);
  }
}
