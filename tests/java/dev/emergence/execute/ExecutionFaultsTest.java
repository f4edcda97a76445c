package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.device.Unavailable;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Claims;
import dev.emergence.result.Disk;
import dev.emergence.result.FolderGone;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.QuickDisk;
import dev.emergence.result.ResultsFolder;
import dev.emergence.train.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that fail, workers that die, and stops in the middle. */
class ExecutionFaultsTest extends ExecutionFixture {
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
    assertThat(notes)
        .anyMatch(
            line -> line.startsWith("run " + id + " was damaged (curve.jsonl does not match"));
  }

  @Test
  void a_run_that_fails_once_is_tried_again_from_its_checkpoint() throws Exception {
    Plan plan =
        Yaml.plan(Yaml.TINY, "seeds={first: 3, count: 1}", "execution.checkpoint_every=0s")
            .only(a -> a.index() == 0);
    List<Long> starts = new ArrayList<>();
    Engine engine =
        engine(
            1, (backend, runs) -> new FailingTraining(runs, 3, 35, trainings.get() == 1, starts));
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 1);
    assertThat(summary.isComplete()).isTrue();
    assertThat(folder.load(plan.runs().get(0).id()).orElseThrow().outcome().attempts())
        .isEqualTo(2);
    assertThat(starts).hasSize(1).allMatch(step -> step > 0 && step < 35);
    ResultsFolder good = folder("good");
    run(plan, good);
    assertThat(results(plan, folder)).isEqualTo(results(plan, good));
  }

  @Test
  void a_run_that_always_fails_costs_only_itself_and_is_tried_again_by_the_next_start()
      throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    Engine engine =
        engine(1, (backend, runs) -> new FailingTraining(runs, 4, 25, true, new ArrayList<>()));
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 2);
    long bad = plan.runs().stream().filter(r -> r.run().seed() == 4).count();
    assertThat(summary.count(Standing.State.FAILED)).isEqualTo(bad);
    assertThat(summary.count(Standing.State.COMPLETE)).isEqualTo(plan.runs().size() - bad);
    Standing failed =
        summary.standings().stream()
            .filter(s -> s.state() == Standing.State.FAILED)
            .findFirst()
            .orElseThrow();
    assertThat(failed.reason()).isEqualTo("IllegalStateException: planted failure at step 25");
    Path log = folder.run(failed.run().id()).path().resolve("log.txt");
    assertThat(log).content().contains("planted failure at step 25").contains("FailingTraining");
    assertThat(run(plan, folder).isComplete()).isTrue();
  }

  @Test
  void a_failing_member_of_a_cohort_spares_the_others() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    Engine engine =
        engine(4, (backend, runs) -> new FailingTraining(runs, 4, 25, true, new ArrayList<>()));
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 1);
    assertThat(summary.standings())
        .allMatch(
            s ->
                s.state()
                    == (s.run().run().seed() == 4
                        ? Standing.State.FAILED
                        : Standing.State.COMPLETE));
  }

  @Test
  void a_run_that_diverges_is_stored_so_and_not_tried_again() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    Engine engine =
        engine(
            1,
            (backend, runs) ->
                new FakeTraining(runs) {
                  @Override
                  protected double loss(int r) {
                    return step(r) < 20 ? 0.5 : 51;
                  }
                });
    ResultsFolder folder = folder("a");
    Summary summary = run(plan, folder, engine, 1);
    assertThat(summary.count(Standing.State.DIVERGED)).isEqualTo(6);
    assertThat(summary.standings().get(0).reason())
        .isEqualTo(
            "test.loss was over 100 times its first value 0.5 at 3 evaluations in a row; last"
                + " finite test.loss 51 at step 40");
    assertThat(run(plan, folder).computed()).isZero();
  }

  @Test
  void a_request_to_stop_saves_and_the_next_start_gives_the_same_bits() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    Summary stopped = runUntil(plan, folder, to -> trainings.get() == 3, FakeTraining::new);
    assertThat(stopped.reason()).isEqualTo("asked by the test");
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
  void a_run_over_which_workers_of_a_cluster_die_is_given_up_in_the_end() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    String id = plan.runs().get(0).id();
    ResultsFolder folder = folder("a");
    ProcessIdentity me = ProcessIdentity.current();
    ProcessIdentity dead =
        new ProcessIdentity(me.machine(), me.boot(), me.pid(), "another start", "", "");
    for (int death = 1; death <= 4; death++) {
      folder.run(id).died(0);
    }
    new Claims(folder, dead).take(id);
    Execution again =
        new Execution(engine(1, fake()), 1, Interrupt.onRequest(), Progress.SILENT)
            .overManyStarts();
    Summary summary = again.run(plan, folder);
    assertThat(summary.count(Standing.State.FAILED)).isEqualTo(1);
    assertThat(summary.standings().get(0).reason())
        .isEqualTo("its worker process died 5 times without coming further");
    assertThat(summary.count(Standing.State.COMPLETE)).isEqualTo(5);
    assertThat(run(plan, folder).isComplete()).isTrue();
  }

  @Test
  void a_command_that_was_killed_again_and_again_does_not_count_against_its_runs()
      throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    String id = plan.runs().get(0).id();
    ResultsFolder folder = folder("a");
    ProcessIdentity me = ProcessIdentity.current();
    ProcessIdentity dead =
        new ProcessIdentity(me.machine(), me.boot(), me.pid(), "another start", "", "");
    for (int death = 1; death <= 9; death++) {
      folder.run(id).died(0);
    }
    new Claims(folder, dead).take(id);
    assertThat(run(plan, folder).isComplete()).isTrue();
    assertThat(folder.run(id).deaths()).isZero();
  }

  @Test
  void what_computed_a_run_that_failed_is_stored_with_it() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    run(
        plan,
        folder,
        engine(1, (backend, runs) -> new FailingTraining(runs, 4, 25, true, new ArrayList<>())),
        1);
    for (PlannedRun run : plan.runs()) {
      assertThat(folder.run(run.id()).provenance().get("device").toString())
          .as(folder.load(run.id()).orElseThrow().outcome().state().name())
          .contains("reference");
    }
  }

  @Test
  void a_training_whose_state_cannot_be_restored_is_freed() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, "execution.checkpoint_every=0s");
    AtomicInteger open = new AtomicInteger();
    ResultsFolder folder = folder("a");
    runUntil(plan, folder, to -> true, FakeTraining::new);
    Engine unable =
        engine(
            1,
            (backend, runs) -> {
              open.incrementAndGet();
              return new FakeTraining(runs) {
                @Override
                public List<String> columns() {
                  return run(0).from().isPresent() ? List.of("other.loss") : super.columns();
                }

                @Override
                public void close() {
                  open.decrementAndGet();
                  super.close();
                }
              };
            });
    assertThat(run(plan, folder, unable, 1).count(Standing.State.FAILED)).isEqualTo(1);
    assertThat(open).hasValue(0);
  }

  /** What may become of a folder while it is worked in. */
  enum Loss {
    MOVED,
    DELETED,
    WITHOUT_RUNS,
    ANOTHER_IN_ITS_PLACE;

    /**
     * What may be named as gone. The other worker may look before the other folder is made, and
     * while a folder is deleted what is in it goes first.
     */
    List<Path> named(Path root) {
      return switch (this) {
        case MOVED -> List.of(root);
        case WITHOUT_RUNS -> List.of(root.resolve("runs"));
        case DELETED, ANOTHER_IN_ITS_PLACE -> List.of(root, root.resolve("runs"));
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void a_folder_that_goes_away_during_the_work_is_named_and_not_made_anew(Loss loss)
      throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, "execution.checkpoint_every=0s");
    ResultsFolder folder = folder("a");
    Path root = folder.root();
    Progress losing =
        new Progress() {
          @Override
          public void at(PlannedRun run, double step, double target) {
            if (step >= 20 && Files.isDirectory(temp.resolve("a/runs"))) {
              lose(loss, root);
            }
          }
        };
    ProcessIdentity me = ProcessIdentity.current();
    // Gone by the time the moved folder is worked in.
    ProcessIdentity dead =
        new ProcessIdentity(me.machine(), me.boot(), me.pid(), "another start", "", "");
    Execution execution = new Execution(engine(1, fake()), 2, Interrupt.onRequest(), losing, dead);
    assertThatThrownBy(() -> execution.run(plan, folder))
        .isInstanceOf(FolderGone.class)
        .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
        .matches(
            told ->
                loss.named(root).stream()
                    .anyMatch(gone -> told.startsWith(gone + " is gone (moved or deleted?)")));
    assertThat(Files.exists(root.resolve("runs"))).isEqualTo(loss == Loss.ANOTHER_IN_ITS_PLACE);
    if (loss == Loss.MOVED) {
      ResultsFolder moved = ResultsFolder.open(temp.resolve("moved"), new QuickDisk());
      assertThat(run(plan, moved).isComplete()).isTrue();
    }
  }

  @Test
  @Timeout(120)
  void a_folder_that_loses_a_file_first_is_named_as_gone_when_it_goes() throws Exception {
    Path runs = temp.resolve("a/runs");
    AtomicBoolean going = new AtomicBoolean();
    Disk deleting =
        new QuickDisk() {
          @Override
          public void write(Path file, Content content) throws IOException {
            if (!file.startsWith(runs)) {
              super.write(file, content);
              return;
            }
            if (going.compareAndSet(false, true)) {
              CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                  .execute(() -> rename(runs, temp.resolve("moved")));
            }
            throw new NoSuchFileException(file.toString());
          }
        };
    ResultsFolder folder = ResultsFolder.open(temp.resolve("a"), deleting);
    assertThatThrownBy(() -> run(Yaml.plan(Yaml.TINY, "execution.checkpoint_every=0s"), folder))
        .isInstanceOf(FolderGone.class)
        .hasMessageStartingWith(runs + " is gone (moved or deleted?)");
  }

  @Test
  @Timeout(120)
  void a_missing_file_of_a_folder_that_stays_is_named_itself() throws Exception {
    Disk losing =
        new QuickDisk() {
          @Override
          public void write(Path file, Content content) throws IOException {
            if (file.startsWith(temp.resolve("a/runs"))) {
              throw new NoSuchFileException(file.toString());
            }
            super.write(file, content);
          }
        };
    ResultsFolder folder = ResultsFolder.open(temp.resolve("a"), losing);
    assertThatThrownBy(() -> run(Yaml.plan(Yaml.TINY, "execution.checkpoint_every=0s"), folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(".partial");
  }

  private static void rename(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lose(Loss loss, Path root) {
    try {
      switch (loss) {
        case MOVED -> Files.move(root, temp.resolve("moved"));
        case DELETED -> new QuickDisk().delete(root);
        case WITHOUT_RUNS -> new QuickDisk().delete(root.resolve("runs"));
        case ANOTHER_IN_ITS_PLACE -> {
          if (!Files.exists(temp.resolve("moved"))) {
            Files.move(root, temp.resolve("moved"));
            Files.createDirectories(root.resolve("runs"));
          }
        }
      }
    } catch (IOException e) {
      // Another worker writes or loses it at this moment; what is left goes at the next step.
      return;
    }
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
    assertThatThrownBy(() -> run(Yaml.plan(Yaml.TINY), folder("a"), engine, 2))
        .isInstanceOf(Unavailable.class)
        .hasMessage("there is no such device");
  }

  /** Fails at a step whenever one of its members has the given seed. */
  private static final class FailingTraining extends FakeTraining {
    private final long at;
    private final boolean armed;

    FailingTraining(List<Start> runs, int seed, long at, boolean armed, List<Long> starts) {
      super(runs);
      this.at = at;
      this.armed = armed && runs.stream().anyMatch(run -> run.seed() == seed);
      runs.stream().filter(run -> run.from().isPresent()).map(Start::step).forEach(starts::add);
    }

    @Override
    public void train(long steps) {
      if (armed && step(0) + steps >= at) {
        throw new IllegalStateException("planted failure at step " + at);
      }
      super.train(steps);
    }
  }
}
