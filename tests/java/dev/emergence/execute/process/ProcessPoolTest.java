package dev.emergence.execute.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.execute.Execution;
import dev.emergence.execute.device.Unavailable;
import dev.emergence.execute.run.Chances;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Claims;
import dev.emergence.result.Curve;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.QuickDisk;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes that are killed, stopped, hung and crashed. */
@Timeout(300)
class ProcessPoolTest {
  private static final Plan PLAN = Yaml.plan(Yaml.TINY, "execution.checkpoint_every=0s");
  private static final Launcher.Quiet PATIENT = new Launcher.Quiet(200_000, 200_000, 10);
  private static final Pattern HUNG =
      Pattern.compile("worker ([0-9]+) gave no sign of life for ([0-9]+) s and is killed");

  @TempDir Path temp;
  private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

  private ResultsFolder folder(String name) {
    return ResultsFolder.open(temp.resolve(name), new QuickDisk());
  }

  private static Launcher launcher(String device, Launcher.Quiet quiet) {
    return new Launcher(FakeWorker.class.getName(), device, 1, 128, quiet);
  }

  private Execution execution(Launcher launcher, Interrupt interrupt, Progress progress) {
    return new Execution(FakeWorker.engine("usual"), 2, interrupt, progress)
        .inProcesses((runs, processes) -> launcher);
  }

  private Summary run(String device, ResultsFolder folder) throws IOException {
    return execution(launcher(device, PATIENT), Interrupt.onRequest(), noting()).run(PLAN, folder);
  }

  private Progress noting() {
    return new Progress() {
      @Override
      public void note(String line) {
        notes.add(line);
      }
    };
  }

  private static Map<String, String> curves(ResultsFolder folder) throws IOException {
    Map<String, String> out = new TreeMap<>();
    for (PlannedRun run : PLAN.runs()) {
      out.put(run.id(), Files.readString(folder.run(run.id()).path().resolve("curve.jsonl")));
    }
    return out;
  }

  private Map<String, String> expected() throws IOException {
    new Execution(FakeWorker.engine("usual"), 1, Interrupt.onRequest(), Progress.SILENT)
        .run(PLAN, folder("expected"));
    return curves(folder("expected"));
  }

  @Test
  void processes_do_every_run_once_and_give_what_threads_give() throws Exception {
    Summary summary = run("usual", folder("a"));
    assertThat(summary.isComplete()).isTrue();
    assertThat(summary.computed()).isEqualTo(6);
    assertThat(curves(folder("a"))).isEqualTo(expected());
    assertThat(notes).isEmpty();
  }

  @Test
  void a_listener_hears_the_rows_that_processes_measure() throws Exception {
    Map<String, Map<Double, Map<String, Double>>> heard = new ConcurrentHashMap<>();
    Progress listener =
        new Progress() {
          @Override
          public void measured(PlannedRun run, double step, Map<String, Double> row) {
            heard.computeIfAbsent(run.id(), id -> new ConcurrentHashMap<>()).put(step, row);
          }
        };
    execution(launcher("usual", PATIENT), Interrupt.onRequest(), listener).run(PLAN, folder("a"));
    for (PlannedRun run : PLAN.runs()) {
      Curve curve = folder("a").load(run.id()).orElseThrow().curve();
      assertThat(heard.get(run.id())).hasSize(curve.size());
      for (int row = 0; row < curve.size(); row++) {
        assertThat(heard.get(run.id()).get(curve.steps()[row]).get("test.loss"))
            .isEqualTo(curve.column("test.loss")[row]);
      }
    }
  }

  @Test
  void a_listener_that_throws_ends_the_work_and_costs_no_run() throws Exception {
    Progress listener =
        new Progress() {
          @Override
          public void measured(PlannedRun run, double step, Map<String, Double> row) {
            throw new IllegalArgumentException("not this row");
          }
        };
    Execution execution = execution(launcher("usual", PATIENT), Interrupt.onRequest(), listener);
    assertThatThrownBy(() -> execution.run(PLAN, folder("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not this row");
    assertThat(Execution.standings(PLAN, folder("a")))
        .extracting(Standing::state)
        .doesNotContain(Standing.State.FAILED);
    assertThat(run("usual", folder("a")).isComplete()).isTrue();
    assertThat(curves(folder("a"))).isEqualTo(expected());
  }

  @Test
  void a_run_that_crashes_its_process_every_time_costs_only_itself() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, "execution.checkpoint_every=1h");
    Summary summary =
        execution(launcher("crashing", PATIENT), Interrupt.onRequest(), noting())
            .run(plan, folder("a"));
    assertThat(summary.standings())
        .allSatisfy(
            s ->
                assertThat(s.state())
                    .isEqualTo(
                        s.run().run().seed() == FakeWorker.VICTIM
                            ? Standing.State.FAILED
                            : Standing.State.COMPLETE));
    assertThat(summary.standings().stream().filter(s -> s.state() == Standing.State.FAILED))
        .allSatisfy(
            s ->
                assertThat(s.reason())
                    .startsWith(
                        "its worker process died 2 times without coming further (a native crash,"
                            + " see "));
    assertThat(notes)
        .anyMatch(
            line -> line.contains(" died (a native crash, see ") && line.contains("hs_err_pid"));
    // Two deaths a victim, and no victim again once it has failed.
    assertThat(notes.stream().filter(line -> line.contains(" died "))).hasSize(6);
  }

  @Test
  void a_run_that_needs_more_memory_than_there_is_costs_only_itself() throws Exception {
    Summary summary = run("hungry", folder("a"));
    assertThat(summary.standings())
        .allSatisfy(
            s -> {
              boolean hit = s.run().run().seed() == FakeWorker.VICTIM;
              assertThat(s.state())
                  .isEqualTo(hit ? Standing.State.FAILED : Standing.State.COMPLETE);
              assertThat(s.reason())
                  .startsWith(
                      hit ? "out of memory: Java heap space; with fewer --jobs each has more" : "");
            });
  }

  @Test
  void processes_that_are_killed_again_and_again_lose_nothing() throws Exception {
    AtomicInteger kills = new AtomicInteger();
    Progress killing =
        new Progress() {
          @Override
          public void at(PlannedRun run, double step, double target) {
            if (step >= 20 && kills.get() < 3 && kills.incrementAndGet() <= 3) {
              ProcessHandle.current()
                  .children()
                  .filter(child -> isWorker(child))
                  .forEach(ProcessHandle::destroyForcibly);
            }
          }
        };
    Summary summary =
        execution(launcher("slow", PATIENT), Interrupt.onRequest(), killing).run(PLAN, folder("a"));
    assertThat(kills.get()).isEqualTo(3);
    assertThat(summary.isComplete()).as(summary.toString()).isTrue();
    assertThat(curves(folder("a"))).isEqualTo(expected());
  }

  private static boolean isWorker(ProcessHandle child) {
    return child.info().commandLine().orElse("").contains(FakeWorker.class.getName());
  }

  @Test
  void a_request_to_stop_is_passed_on_and_everything_is_saved() throws Exception {
    Interrupt interrupt = Interrupt.onRequest();
    Progress stopping =
        new Progress() {
          @Override
          public void at(PlannedRun run, double step, double target) {
            if (step >= 20) {
              interrupt.request("asked by the test");
            }
          }
        };
    Summary stopped =
        execution(launcher("slow", PATIENT), interrupt, stopping).run(PLAN, folder("a"));
    assertThat(stopped.reason()).isEqualTo("asked by the test");
    assertThat(stopped.isComplete()).isFalse();
    assertThat(stopped.standings().stream().filter(s -> s.state() == Standing.State.RUNNING))
        .isEmpty();
    assertThat(run("usual", folder("a")).isComplete()).isTrue();
    assertThat(curves(folder("a"))).isEqualTo(expected());
  }

  /** As on a machine where others take the processors: the process gets none for three seconds. */
  private static void holdUp(String pid) {
    signal("STOP", pid);
    CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS).execute(() -> signal("CONT", pid));
  }

  private static void signal(String name, String pid) {
    try {
      new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How long exactly depends on when this process gets to look. */
  @Test
  void a_process_that_hangs_is_killed_and_its_run_tried_again() throws Exception {
    Plan plan = PLAN.only(a -> a.seed() == FakeWorker.VICTIM && a.index() == 0);
    Launcher launcher =
        launcher("hanging-once " + temp.resolve("marker"), new Launcher.Quiet(200_000, 8_000, 10));
    Progress holding =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
            Matcher silent = HUNG.matcher(line);
            if (silent.find() && Integer.parseInt(silent.group(2)) >= 8) {
              holdUp(silent.group(1));
            }
          }
        };
    Summary summary = execution(launcher, Interrupt.onRequest(), holding).run(plan, folder("a"));
    assertThat(summary.isComplete()).isTrue();
    assertThat(notes).anyMatch(line -> HUNG.matcher(line).find());
    assertThat(notes).anyMatch(line -> line.contains(" died (it gave no sign of life); another"));
    assertThat(temp.resolve("a/workers.log")).content().contains("FakeWorker");
  }

  @Test
  void a_worker_saves_and_ends_when_its_parent_is_gone_and_when_it_gets_a_signal()
      throws Exception {
    for (String way :
        interruptsAreIgnored() ? List.of("lifeline", "TERM") : List.of("lifeline", "TERM", "INT")) {
      ResultsFolder folder = folder(way);
      Process worker = launcher("slow", PATIENT).start(folder.root());
      String orders =
          Orders.of(
                  folder,
                  PLAN.experiment().execution(),
                  PLAN.runs(),
                  launcher("slow", PATIENT),
                  Chances.THIS_START)
              .line();
      worker.getOutputStream().write((orders + "\n").getBytes(StandardCharsets.UTF_8));
      worker.getOutputStream().flush();
      CompletableFuture<String> said = new CompletableFuture<>();
      new Thread(() -> readUntilMoving(worker, said)).start();
      said.get(200, TimeUnit.SECONDS);
      if (way.equals("lifeline")) {
        worker.getOutputStream().close();
      } else {
        new ProcessBuilder("kill", "-" + way, Long.toString(worker.pid())).start().waitFor();
      }
      assertThat(worker.waitFor(200, TimeUnit.SECONDS)).as(way).isTrue();
      assertThat(worker.exitValue()).as(way).isEqualTo(WorkerProcess.INTERRUPTED);
      assertThat(Execution.standings(PLAN, folder))
          .as(way)
          .anyMatch(s -> s.state() == Standing.State.INTERRUPTED)
          .noneMatch(s -> s.state() == Standing.State.RUNNING);
    }
  }

  /**
   * A process started in the background of a shell script ignores SIGINT, and so do its children:
   * no handler can hear it.
   */
  private static boolean interruptsAreIgnored() throws Exception {
    String ignored =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(l -> l.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    long sigint = 1L << (2 - 1);
    return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & sigint)
        != 0;
  }

  /** Completes once a run has come some way, and goes on reading so that the pipe stays empty. */
  private static void readUntilMoving(Process worker, CompletableFuture<String> said) {
    worker
        .inputReader(StandardCharsets.UTF_8)
        .lines()
        .forEach(
            line -> {
              if (line.contains("\"at\"") && line.contains("\"step\":20")) {
                said.complete(line);
              }
            });
  }

  @Test
  void processes_that_die_at_their_start_are_given_up() {
    Launcher broken = new Launcher("dev.emergence.NoSuchClass", "usual", 1, 128, PATIENT);
    assertThatThrownBy(
            () -> execution(broken, Interrupt.onRequest(), noting()).run(PLAN, folder("a")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("worker processes die at their start (exit code 1): ")
        .hasMessageContaining("NoSuchClass");
  }

  /** As at the end of a sweep, when one long run is left and another command has it. */
  @Test
  void a_worker_that_waits_for_a_run_of_others_gives_signs_of_life() throws Exception {
    ResultsFolder folder = folder("a");
    Claims others = new Claims(folder, ProcessIdentity.current());
    Claims.Claim held = others.take(PLAN.runs().get(2).id()).orElseThrow();
    AtomicInteger signs = new AtomicInteger();
    Progress listener =
        new Progress() {
          @Override
          public void waiting() {
            if (signs.incrementAndGet() == 3) {
              release(held);
            }
          }

          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Summary summary =
        execution(launcher("usual", PATIENT), Interrupt.onRequest(), listener).run(PLAN, folder);
    assertThat(summary.isComplete()).isTrue();
    assertThat(signs.get()).isGreaterThanOrEqualTo(3);
    assertThat(notes).isEmpty();
    others.close();
  }

  private static void release(Claims.Claim claim) {
    try {
      claim.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3, exit code 1", "137, 10, SIGKILL"})
  void a_process_may_die_at_its_start_some_times_in_a_row(int code, int most, String cause)
      throws Exception {
    Launcher launcher = new Launcher(DyingAtStart.class.getName(), "usual", 1, 128, PATIENT);
    try {
      Path survived = DyingAtStart.asked(temp.resolve("survived"), code, most - 1);
      assertThat(alone(launcher).run(PLAN, folder("a")).isComplete()).isTrue();
      assertThat(DyingAtStart.starts(survived)).isEqualTo(most);
      assertThat(notes).hasSize(most - 1).allSatisfy(n -> assertThat(n).contains(" died ("));
      Path given = DyingAtStart.asked(temp.resolve("given-up"), code, most);
      assertThatThrownBy(() -> alone(launcher).run(PLAN, folder("b")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("worker processes die at their start (" + cause);
      assertThat(DyingAtStart.starts(given)).isEqualTo(most);
    } finally {
      DyingAtStart.nevermore();
    }
  }

  @Test
  void workers_are_started_for_as_many_runs_as_there_are() throws Exception {
    Plan two = PLAN.only(a -> a.index() == 0);
    List<String> asked = new ArrayList<>();
    Launcher.Choice choice =
        (runs, processes) -> {
          asked.add(processes + " for " + runs.size());
          return launcher("usual", PATIENT);
        };
    new Execution(FakeWorker.engine("usual"), 8, Interrupt.onRequest(), noting())
        .inProcesses(choice)
        .run(two, folder("a"));
    assertThat(asked).containsExactly("2 for 2");
  }

  private Execution alone(Launcher launcher) {
    return new Execution(FakeWorker.engine("usual"), 1, Interrupt.onRequest(), noting())
        .inProcesses((runs, processes) -> launcher);
  }
}
