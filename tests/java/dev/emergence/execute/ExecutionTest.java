package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.result.QuickDisk;
import dev.emergence.result.Claims;
import dev.emergence.result.Outcome;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Safetensors;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.RunConfig;
import dev.emergence.train.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutionTest {
  @TempDir Path temp;
  private final AtomicInteger trainings = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

  private Engine engine(int replicas, Engine.Trainings make) {
    Engine.Trainings counted =
        (backend, configs, seeds) -> {
          trainings.incrementAndGet();
          return make.create(backend, configs, seeds);
        };
    return new Engine(ReferenceBackend::new, counted, replicas);
  }

  private static Engine.Trainings fake() {
    return (backend, configs, seeds) -> new FakeTraining(configs, seeds);
  }

  private ResultsFolder folder(String name) {
    return ResultsFolder.open(temp.resolve(name), new QuickDisk());
  }

  private Summary run(Plan plan, ResultsFolder folder, Engine engine, int jobs) throws Exception {
    Progress progress =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    return new Execution(engine, jobs, Interrupt.onRequest(), progress).run(plan, folder);
  }

  private Summary run(Plan plan, ResultsFolder folder) throws Exception {
    return run(plan, folder, engine(1, fake()), 1);
  }

  /** Everything that a run's result says, but for times. */
  private static Map<String, String> results(Plan plan, ResultsFolder folder) throws Exception {
    Map<String, String> out = new TreeMap<>();
    for (PlannedRun run : plan.runs()) {
      StoredRun stored = folder.load(run.id()).orElseThrow();
      Outcome o = stored.outcome();
      String curve = Files.readString(folder.run(run.id()).path().resolve("curve.jsonl"));
      Map<String, ?> tensors = folder.run(run.id()).checkpoint().map(c -> new TreeMap<>(text(c.tensors()))).orElse(new TreeMap<>());
      out.put(run.id(), o.state() + " " + o.lastStep() + " " + o.reason() + "\n" + curve + tensors);
    }
    return out;
  }

  private static Map<String, String> text(Map<String, Safetensors.Values> tensors) {
    Map<String, String> out = new TreeMap<>();
    tensors.forEach((name, values) -> out.put(name, Arrays.toString(values.values())));
    return out;
  }

  @Test
  void every_run_is_trained_once_and_a_second_start_does_nothing() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    Summary first = run(plan, folder);
    assertThat(first.isComplete()).isTrue();
    assertThat(first.computed()).isEqualTo(6);
    assertThat(trainings).hasValue(6);
    Map<String, String> before = results(plan, folder);
    Summary second = run(plan, folder);
    assertThat(second.computed()).isZero();
    assertThat(trainings).hasValue(6);
    assertThat(results(plan, folder)).isEqualTo(before);
  }

  @Test
  void a_run_stops_a_tail_after_its_threshold_at_an_evaluation() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    // d = 4: below 0.3 at step 30, the first evaluation after 20 + 5.1; 50 % more is 45, so 50.
    StoredRun small = folder.load(plan.assignments("sizes").get(0).run()).orElseThrow();
    assertThat(small.outcome().lastStep()).isEqualTo(50);
    assertThat(small.curve().steps()).containsExactly(0, 10, 20, 30, 40, 50);
    // d = 6: at step 40; 50 % more is max_steps.
    StoredRun large = folder.load(plan.assignments("sizes").get(2).run()).orElseThrow();
    assertThat(large.outcome().lastStep()).isEqualTo(60);
  }

  @Test
  void a_new_threshold_needs_no_training() throws Exception {
    ResultsFolder folder = folder("a");
    run(Yaml.plan(Yaml.TINY), folder);
    Summary second = run(Yaml.plan(Yaml.TINY, "measurement.thresholds.early={metric: test.loss, below: 0.45}"), folder);
    assertThat(second.computed()).isZero();
    assertThat(second.isComplete()).isTrue();
  }

  @Test
  void more_steps_continue_the_stored_run_to_what_an_uninterrupted_one_gives() throws Exception {
    String never = Yaml.TINY.replace("{when: plateau, extra: 50%}", "{never: true}");
    Plan longer = Yaml.plan(never, "training.max_steps=85");
    ResultsFolder continued = folder("continued");
    run(Yaml.plan(never), continued);
    List<Long> starts = new ArrayList<>();
    Engine engine =
        engine(
            1,
            (backend, configs, seeds) ->
                new FakeTraining(configs, seeds) {
                  @Override
                  public void restore(List<Snapshot> snapshots) {
                    super.restore(snapshots);
                    starts.add(step());
                  }
                });
    assertThat(Execution.standings(longer, continued)).allMatch(s -> s.state() == Standing.State.TO_CONTINUE && s.step() == 60);
    assertThat(run(longer, continued, engine, 1).isComplete()).isTrue();
    assertThat(starts).hasSize(6).containsOnly(60L);
    ResultsFolder whole = folder("whole");
    run(longer, whole);
    assertThat(results(longer, continued)).isEqualTo(results(longer, whole));
  }

  @Test
  void jobs_and_cohorts_change_nothing() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, "measurement.attention.pictures_at=[0, plateau, 15, last]", "repetition.cross_sample=0.2");
    ResultsFolder alone = folder("alone");
    run(plan, alone);
    for (int[] shape : new int[][] {{1, 3}, {2, 1}, {4, 2}}) {
      ResultsFolder other = folder("r" + shape[0] + "j" + shape[1]);
      run(plan, other, engine(shape[0], fake()), shape[1]);
      assertThat(results(plan, other)).as("%d replicas, %d jobs", shape[0], shape[1]).isEqualTo(results(plan, alone));
    }
  }

  @Test
  void pictures_are_kept_at_steps_at_thresholds_and_at_the_end() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, "measurement.attention.pictures_at=[0, plateau, 15, last]");
    ResultsFolder folder = folder("a");
    run(plan, folder);
    var pictures = folder.run(plan.assignments("sizes").get(0).run()).pictures();
    assertThat(pictures.stream().map(p -> p.label() + "@" + p.step())).containsExactly("0@0", "15@15", "plateau@30", "last@50");
    assertThat(pictures).allSatisfy(p -> assertThat(p.probabilities()[0][1]).isEqualTo(p.step()));
  }

  @Test
  void a_picture_that_was_not_taken_is_made_good() throws Exception {
    ResultsFolder folder = folder("a");
    run(Yaml.plan(Yaml.TINY), folder);
    Plan more = Yaml.plan(Yaml.TINY, "measurement.attention.pictures_at=[15]");
    run(more, folder);
    String id = more.assignments("sizes").get(0).run();
    assertThat(folder.run(id).pictures().stream().map(p -> p.label())).containsExactly("15");
    assertThat(run(more, folder).computed()).isZero();
  }

  @Test
  void a_damaged_run_is_put_aside_and_done_again() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    Map<String, String> before = results(plan, folder);
    String id = plan.runs().get(2).id();
    Files.writeString(folder.run(id).path().resolve("curve.jsonl"), "{}");
    assertThat(Execution.standings(plan, folder).get(2).state()).isEqualTo(Standing.State.DAMAGED);
    assertThat(run(plan, folder).computed()).isEqualTo(1);
    assertThat(results(plan, folder)).isEqualTo(before);
    assertThat(folder.root().resolve("quarantine/" + id + "-1/curve.jsonl")).hasContent("{}");
    assertThat(notes).anyMatch(line -> line.startsWith("run " + id + " was damaged (curve.jsonl does not match"));
  }

  @Test
  void a_run_that_fails_once_is_tried_again_from_its_checkpoint() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, "seeds={first: 3, count: 1}", "execution.checkpoint_every=0s").only(a -> a.index() == 0);
    List<Long> starts = new ArrayList<>();
    Engine engine = engine(1, (backend, configs, seeds) -> new FailingTraining(configs, seeds, 3, 35, trainings.get() == 1, starts));
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 1);
    assertThat(summary.isComplete()).isTrue();
    assertThat(folder.load(plan.runs().get(0).id()).orElseThrow().outcome().attempts()).isEqualTo(2);
    assertThat(starts).hasSize(1).allMatch(step -> step > 0 && step < 35);
    ResultsFolder good = folder("good");
    run(plan, good);
    assertThat(results(plan, folder)).isEqualTo(results(plan, good));
  }

  @Test
  void a_run_that_always_fails_costs_only_itself_and_is_tried_again_by_the_next_start() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    Engine engine = engine(1, (backend, configs, seeds) -> new FailingTraining(configs, seeds, 4, 25, true, new ArrayList<>()));
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 2);
    long bad = plan.runs().stream().filter(r -> r.run().seed() == 4).count();
    assertThat(summary.count(Standing.State.FAILED)).isEqualTo(bad);
    assertThat(summary.count(Standing.State.COMPLETE)).isEqualTo(plan.runs().size() - bad);
    Standing failed = summary.standings().stream().filter(s -> s.state() == Standing.State.FAILED).findFirst().orElseThrow();
    assertThat(failed.reason()).isEqualTo("IllegalStateException: planted failure at step 25");
    Path log = folder.run(failed.run().id()).path().resolve("log.txt");
    assertThat(log).content().contains("planted failure at step 25").contains("FailingTraining");
    assertThat(run(plan, folder).isComplete()).isTrue();
  }

  @Test
  void a_failing_member_of_a_cohort_spares_the_others() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    Engine engine = engine(4, (backend, configs, seeds) -> new FailingTraining(configs, seeds, 4, 25, true, new ArrayList<>()));
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 1);
    assertThat(summary.standings()).allMatch(s -> s.state() == (s.run().run().seed() == 4 ? Standing.State.FAILED : Standing.State.COMPLETE));
  }

  @Test
  void a_run_that_diverges_is_stored_so_and_not_tried_again() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    Engine engine =
        engine(
            1,
            (backend, configs, seeds) ->
                new FakeTraining(configs, seeds) {
                  @Override
                  double loss(int r) {
                    return step() < 20 ? 0.5 : 51;
                  }
                });
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 1);
    assertThat(summary.count(Standing.State.DIVERGED)).isEqualTo(6);
    assertThat(summary.standings().get(0).reason())
        .isEqualTo("test.loss was over 100 times its first value 0.5000 at 3 evaluations in a row; last finite test.loss 51.00 at step 40");
    assertThat(run(plan, folder).computed()).isZero();
  }

  @Test
  void a_request_to_stop_saves_and_the_next_start_gives_the_same_bits() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    Interrupt interrupt = Interrupt.onRequest();
    Engine stopping =
        engine(
            1,
            (backend, configs, seeds) ->
                new FakeTraining(configs, seeds) {
                  @Override
                  public void trainTo(long to) {
                    super.trainTo(to);
                    if (trainings.get() == 3) {
                      interrupt.request("asked by the test");
                    }
                  }
                });
    Summary stopped = new Execution(stopping, 1, interrupt, Progress.SILENT).run(plan, folder);
    assertThat(stopped.interrupted()).isEqualTo("asked by the test");
    assertThat(stopped.count(Standing.State.COMPLETE)).isEqualTo(2);
    assertThat(stopped.count(Standing.State.INTERRUPTED)).isEqualTo(1);
    assertThat(stopped.count(Standing.State.TO_DO)).isEqualTo(3);
    assertThat(run(plan, folder).isComplete()).isTrue();
    ResultsFolder whole = folder("whole");
    run(plan, whole);
    assertThat(results(plan, folder)).isEqualTo(results(plan, whole));
  }

  @Test
  void two_processes_on_one_folder_do_every_run_once() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ExecutorService both = Executors.newFixedThreadPool(2);
    Callable<Summary> process = () -> run(plan, folder("shared"));
    int computed = 0;
    for (Future<Summary> summary : both.invokeAll(List.of(process, process))) {
      assertThat(summary.get().isComplete()).isTrue();
      computed += summary.get().computed();
    }
    both.shutdown();
    assertThat(computed).isEqualTo(6);
    assertThat(trainings).hasValue(6);
    run(plan, folder("alone"));
    assertThat(results(plan, folder("shared"))).isEqualTo(results(plan, folder("alone")));
  }

  @Test
  void a_run_over_which_workers_die_is_given_up_after_its_retries() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    String id = plan.runs().get(0).id();
    ResultsFolder folder = folder("a");
    ProcessIdentity me = ProcessIdentity.current();
    ProcessIdentity dead = new ProcessIdentity(me.machine(), me.boot(), me.pid(), "another start", "");
    folder.run(id).died(0);
    new Claims(folder, dead).take(id);
    Summary summary = run(plan, folder);
    assertThat(summary.count(Standing.State.FAILED)).isEqualTo(1);
    assertThat(summary.standings().get(0).reason()).isEqualTo("its worker process died 2 times without coming further");
    assertThat(summary.count(Standing.State.COMPLETE)).isEqualTo(5);
    assertThat(run(plan, folder).isComplete()).isTrue();
  }

  @Test
  void a_device_that_cannot_be_had_ends_everything_with_its_sentence() {
    Engine engine =
        new Engine(
            () -> {
              throw new Unavailable("there is no such device");
            },
            fake(),
            1);
    assertThatThrownBy(() -> run(Yaml.plan(Yaml.TINY), folder("a"), engine, 2)).isInstanceOf(Unavailable.class).hasMessage("there is no such device");
  }

  @Test
  void a_toy_run_is_integrated_without_a_device_and_again_when_its_end_changes() throws Exception {
    String toy =
        """
        dsl: 1
        name: toy
        task: {kind: linear_regression, dim: 16, sequence_length: 64, relevant_position: last, relevant_feature: false}
        architecture: {kind: toy}
        training: {optimizer: {kind: gradient_flow}, max_time: 2000}
        measurement:
          thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}
        seeds: none
        """;
    Engine none =
        new Engine(
            () -> {
              throw new Unavailable("not asked for");
            },
            fake(),
            1);
    ResultsFolder folder = folder("toy");
    Plan plan = Yaml.plan(toy);
    assertThat(run(plan, folder, none, 1).isComplete()).isTrue();
    StoredRun stored = folder.load(plan.runs().get(0).id()).orElseThrow();
    assertThat(stored.outcome().lastStep()).isEqualTo(2000);
    assertThat(run(plan, folder, none, 1).computed()).isZero();
    assertThat(run(Yaml.plan(toy, "training.max_time=3000"), folder, none, 1).computed()).isEqualTo(1);
  }

  /** Fails at a step whenever one of its members has the given seed. */
  private static final class FailingTraining extends FakeTraining {
    private final long at;
    private final boolean armed;
    private final List<Long> starts;

    FailingTraining(List<RunConfig> configs, List<Integer> seeds, int seed, long at, boolean armed, List<Long> starts) {
      super(configs, seeds);
      this.at = at;
      this.armed = armed && seeds.contains(seed);
      this.starts = starts;
    }

    @Override
    public void trainTo(long to) {
      if (armed && to >= at) {
        throw new IllegalStateException("planted failure at step " + at);
      }
      super.trainTo(to);
    }

    @Override
    public void restore(List<Snapshot> snapshots) {
      super.restore(snapshots);
      starts.add(step());
    }
  }
}
