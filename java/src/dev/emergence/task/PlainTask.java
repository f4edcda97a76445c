package dev.emergence.task;

import dev.emergence.spec.Loss;
import dev.emergence.spec.PluginFailure;
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
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Runs of a task that is written in plain Java: each replica has its own {@link SequenceTask}, and
 * batches are drawn by {@link Backend#drawHost}. Such a task does not repeat itself within a
 * context or across samples: B is 1 and p is 0.
 */
final class PlainTask implements Task {
  private final Backend backend;
  private final Scope scope;
  private final BiFunction<Replica, TaskSpec, SequenceTask> kind;
  private final List<Replica> replicas;
  private final Prediction shape;
  private final List<SequenceTask> tasks;
  private final List<Sequences> made = new ArrayList<>();

  private PlainTask(
      Backend backend,
      Scope scope,
      List<Replica> replicas,
      BiFunction<Replica, TaskSpec, SequenceTask> kind) {
    this.backend = backend;
    this.scope = scope;
    this.kind = kind;
    this.replicas = new ArrayList<>(replicas);
    this.shape = replicas.get(0).config().task().predicts();
    this.tasks = new ArrayList<>(replicas.stream().map(this::trained).toList());
  }

  /** The runs of a kind. */
  static <S extends Record & TaskSpec> Task create(
      TaskKind<S> kind, Backend backend, Scope scope, List<Replica> replicas) {
    return new PlainTask(backend, scope, replicas, (run, spec) -> task(kind, run, spec));
  }

  private static <S extends Record & TaskSpec> SequenceTask task(
      TaskKind<S> kind, Replica run, TaskSpec described) {
    S spec = kind.spec().cast(described);
    SequenceTask task =
        PluginFailure.orResult(
            kind.getClass(), "create", () -> kind.create(spec, run.stream(Purpose.TASK)));
    return new CheckedTask(task, spec.predicts());
  }

  private SequenceTask trained(Replica run) {
    return kind.apply(run, run.config().task());
  }

  /** Levels of one run of a kind. */
  static <S extends Record & TaskSpec> List<Level> levels(
      TaskKind<S> kind, Replica run, String testSet) {
    return asked(task(kind, run, Cohort.task(run, testSet)), run, testSet).levels(testSet);
  }

  @Override
  public Batch training(int samples) {
    return new Sequences(Purpose.DATA, samples, tasks::get, false);
  }

  @Override
  public Batch test(String testSet, int samples) {
    boolean asks = Cohort.prompts(replicas.get(0), testSet).isPresent();
    return new Sequences(Purpose.TEST, samples, r -> drawn(r, testSet), asks);
  }

  @Override
  public void enter(int replica, Replica run) {
    Cohort.enter(replicas, replica, run);
    tasks.set(replica, trained(run));
    for (Sequences sequences : made) {
      sequences.enter(replica);
      backend.redraw(sequences.source);
    }
  }

  private SequenceTask drawn(int replica, String testSet) {
    Replica run = replicas.get(replica);
    TaskSpec spec = Cohort.task(run, testSet);
    boolean asTrained = spec.equals(run.config().task());
    return asked(asTrained ? tasks.get(replica) : kind.apply(run, spec), run, testSet);
  }

  /** What a test set is drawn from: the tests of its task, or one of the task's prompt sets. */
  private static SequenceTask asked(SequenceTask task, Replica run, String testSet) {
    return Cohort.prompts(run, testSet).map(task::prompts).orElseGet(task::tests);
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

  /** What a run's sequences are drawn from. */
  private record Drawn(SequenceTask task, RandomStream stream, int dataset) {}

  private final class Sequences implements Batch {
    private final Purpose purpose;
    private final int samples;
    private final IntFunction<SequenceTask> tasks;
    private final List<Attending> attending;
    private final List<Tensor> drawn = new ArrayList<>();
    private final List<Parents> fixed;
    private final List<Parents> parents;
    private final Optional<Tensor> foil;

    /** Of each replica. Another thread draws ahead from them. */
    private final AtomicReferenceArray<Drawn> from = new AtomicReferenceArray<>(replicas.size());

    private final HostDraw.Source source = this::draw;

    /**
     * @param tasks of each replica
     * @param asks whether they are prompts, which have foils
     */
    Sequences(Purpose purpose, int samples, IntFunction<SequenceTask> tasks, boolean asks) {
      this.purpose = purpose;
      this.samples = samples;
      this.tasks = tasks;
      this.fixed = fixed(tasks);
      this.parents = new ArrayList<>(fixed);
      this.attending = tasks.apply(0).attending();
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
      IntStream.range(0, r).forEach(this::enter);
      made.add(this);
    }

    private Tensor target(int r) {
      int scored = shape.scored().count();
      if (shape.loss() == Loss.SQUARED_ERROR) {
        return scope.floats(r, samples, scored, shape.outputs());
      }
      return scope.ints(r, samples, scored);
    }

    /** Draws from the run that a place has now. */
    void enter(int replica) {
      Replica run = replicas.get(replica);
      SequenceTask task = tasks.apply(replica);
      from.set(replica, new Drawn(task, run.stream(purpose), run.dataset(purpose)));
      for (int i = 0; i < fixed.size(); i++) {
        write(task.attends().get(i), replica, fixed.get(i));
      }
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
      backend.drawHost(new HostDraw(step, source, drawn));
    }

    private void draw(int replica, int step, List<HostArray> arrays) {
      SequenceOut out = new SequenceOut(shape, attending, arrays);
      Drawn run = from.get(replica);
      for (int n = 0; n < samples; n++) {
        RandomStream.Place at = run.stream().place(run.dataset(), step, n);
        run.task().draw(run.stream(), at.step(), at.sample(), out.sequence(n));
      }
    }
  }

  /** Room for attention that is the same in every sequence of a run; runs may differ. */
  private List<Parents> fixed(IntFunction<SequenceTask> tasks) {
    List<Parents> lists = new ArrayList<>();
    int r = replicas.size();
    for (int i = 0; i < tasks.apply(0).attends().size(); i++) {
      int which = i;
      List<Attends> each =
          IntStream.range(0, r).mapToObj(n -> tasks.apply(n).attends().get(which)).toList();
      int entries = each.get(0).queries().length;
      int width = Math.max(1, each.stream().mapToInt(Attends::most).max().orElse(1));
      lists.add(
          new Parents(
              each.get(0).name(), scope.ints(r, 1, entries), scope.ints(r, 1, entries, width)));
    }
    return lists;
  }

  private void write(Attends attends, int replica, Parents to) {
    int width = to.width();
    if (attends.queries().length != to.queries().perReplica() || attends.most() > width) {
      throw new IllegalArgumentException(
          attends.name()
              + ": "
              + attends.queries().length
              + " queries of up to "
              + attends.most()
              + " keys; runs that train together have "
              + to.queries().perReplica()
              + " of up to "
              + width);
    }
    int[] keys = Arrays.stream(attends.keys()).flatMapToInt(k -> padded(k, width)).toArray();
    backend.write(to.queries().replica(replica), attends.queries());
    backend.write(to.keys().replica(replica), keys);
  }

  private static IntStream padded(int[] keys, int width) {
    return IntStream.range(0, width).map(i -> i < keys.length ? keys[i] : -1);
  }
}
