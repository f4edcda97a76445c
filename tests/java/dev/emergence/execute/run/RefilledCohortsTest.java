package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.backend.Devices;
import dev.emergence.execute.Execution;
import dev.emergence.execute.ExecutionFixture;
import dev.emergence.execute.FakeTraining;
import dev.emergence.execute.device.Engine;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Start;
import dev.emergence.train.Trainer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Places of a cohort are given on to the runs that wait. Whatever the number of places, the order
 * in which runs end and the moments at which the work is cut off, a run's folder holds what it
 * holds when the run is trained alone.
 */
class RefilledCohortsTest extends ExecutionFixture {
  /** Two shapes; 16 runs of the first and 4 of the second. */
  private static final String MANY =
      """
      dsl: 1
      name: many
      task: {kind: linear_regression, dim: 4, sequence_length: 8}
      architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 8, mlp_factor: 1}
      training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 4, max_steps: 47}
      measurement:
        evaluate_every: 5
        evaluate_samples: 16
        test_sets: {test: {cross_sample: 0.0}}
        thresholds: {plateau: {metric: test.loss, below: 0.3}}
        stop: {when: plateau, extra: 30%}
        attention: {pictures_at: [0, plateau, 17, last], film: {frames: 12}}
        checkpoints_at: {every: 20, at: [3, plateau, last]}
      execution: {keep: all, checkpoint_every: 0s}
      seeds: {first: 3, count: 4}
      sweeps:
        rates: {grid: {repetition.in_context: [1, 2, 3, 4]}}
        sizes: {grid: {task.dim: [6]}}
      """;

  /** Ends when its seed and its B say so, in one of all ways. */
  private static final class Various extends FakeTraining {
    Various(List<Start> runs) {
      super(runs);
    }

    private int kind(int replica) {
      return new Random(31L * run(replica).seed() + run(replica).config().repetition().inContext())
          .nextInt(1000);
    }

    @Override
    protected double loss(int replica) {
      int plateau = kind(replica) % 45;
      double fallen =
          step(replica) < plateau ? 0.5 : 0.5 * Math.exp((plateau - step(replica)) / 6.0);
      boolean explodes = kind(replica) % 10 == 0 && step(replica) > plateau;
      return (explodes ? 1000 : fallen) + 1e-3 * super.loss(replica);
    }

    @Override
    public OptionalLong divergedAt(int replica) {
      long at = kind(replica) % 37;
      boolean diverges = kind(replica) % 7 == 0 && step(replica) >= at && at > 0;
      return diverges ? OptionalLong.of(at) : OptionalLong.empty();
    }
  }

  /** The process dies, as far as a test can have it die. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void any_number_of_places_cut_off_at_any_time_gives_what_runs_give_alone(int places)
      throws Exception {
    Plan plan = Yaml.plan(MANY);
    assertThat(plan.runs()).hasSize(20);
    ResultsFolder alone = folder("alone");
    run(plan, alone, new Engine(ReferenceBackend::new, (b, runs) -> new Various(runs), 1), 1);
    Map<String, String> expected = contents(plan, alone);
    assertThat(lastSteps(plan, alone)).hasSizeGreaterThan(6);
    for (int trial = 0; trial < 3; trial++) {
      Random random = new Random(100 * places + trial);
      ResultsFolder folder = folder("trial" + trial);
      for (int cut = random.nextInt(4); cut > 0; cut--) {
        cutOff(plan, folder, places, random);
      }
      Engine whole = new Engine(ReferenceBackend::new, (b, runs) -> new Various(runs), places);
      run(plan, folder, whole, 1 + random.nextInt(2));
      assertThat(contents(plan, folder)).as("trial %d", trial).isEqualTo(expected);
    }
  }

  /** Works for a random while, and is then told to stop or dies. */
  private void cutOff(Plan plan, ResultsFolder folder, int places, Random random) throws Exception {
    AtomicInteger left = new AtomicInteger(1 + random.nextInt(60));
    boolean dies = random.nextBoolean();
    Interrupt interrupt = Interrupt.onRequest();
    Engine.Trainings trainings =
        (backend, runs) ->
            new Various(runs)
                .telling(
                    to -> {
                      if (left.decrementAndGet() <= 0) {
                        interrupt.request("asked by the test");
                        if (dies) {
                          throw new Killed();
                        }
                      }
                    });
    try {
      new Execution(
              new Engine(ReferenceBackend::new, trainings, places), 1, interrupt, Progress.SILENT)
          .run(plan, folder);
    } catch (Killed e) {
      assertThat(dies).isTrue();
    }
  }

  private static List<Double> lastSteps(Plan plan, ResultsFolder folder) throws Exception {
    List<Double> out = new ArrayList<>();
    for (PlannedRun run : plan.runs()) {
      out.add(folder.load(run.id()).orElseThrow().outcome().lastStep());
    }
    return out.stream().distinct().toList();
  }

  /** Every file of every run byte by byte, but for the times in some of them. */
  private static Map<String, String> contents(Plan plan, ResultsFolder folder) throws Exception {
    Map<String, String> out = new TreeMap<>(results(plan, folder));
    for (PlannedRun run : plan.runs()) {
      Path path = folder.run(run.id()).path();
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          boolean timed = name.matches("result.json|provenance.json|checkpoint.*");
          out.put(run.id() + "/" + name, timed ? "" : bytes(file));
        }
      }
    }
    return out;
  }

  private static String bytes(Path file) throws IOException {
    return Arrays.toString(Files.readAllBytes(file));
  }

  @Test
  void a_place_is_given_on_while_runs_wait_and_the_cohort_shrinks_when_none_does()
      throws Exception {
    Plan plan = Yaml.plan(MANY, "sweeps.sizes.grid.task.dim=[4]");
    assertThat(plan.runs()).hasSize(16);
    List<Integer> sizes = new ArrayList<>();
    Engine engine =
        engine(
            4,
            (backend, runs) -> {
              sizes.add(runs.size());
              return new Various(runs);
            });
    Summary summary = run(plan, folder("a"), engine, 1);
    assertThat(summary.standings()).allMatch(Standing::isSettled);
    assertThat(sizes).startsWith(4).isSortedAccordingTo((a, b) -> b - a).hasSizeLessThan(4);
    assertThat(sizes.stream().filter(size -> size == 4)).hasSize(1);
  }

  @Test
  void progress_tells_of_each_run_what_it_tells_of_one_alone() throws Exception {
    Plan plan = Yaml.plan(MANY);
    Map<String, String> alone = told(plan, "alone", 1);
    assertThat(alone).hasSize(20);
    assertThat(told(plan, "together", 3)).isEqualTo(alone);
  }

  private Map<String, String> told(Plan plan, String name, int places) throws Exception {
    Map<String, String> told = new ConcurrentHashMap<>();
    Progress progress =
        new Progress() {
          @Override
          public void started(PlannedRun run, double step) {
            told.merge(run.id(), "started " + step, (a, b) -> a + "\n" + b);
          }

          @Override
          public void measured(PlannedRun run, double step, Map<String, Double> row) {
            told.merge(run.id(), "measured " + step + row, (a, b) -> a + "\n" + b);
          }

          @Override
          public void ended(PlannedRun run, Outcome outcome) {
            String end = "ended " + outcome.state() + " " + outcome.lastStep();
            told.merge(run.id(), end, (a, b) -> a + "\n" + b);
          }
        };
    Engine engine = new Engine(ReferenceBackend::new, (b, runs) -> new Various(runs), places);
    new Execution(engine, 1, Interrupt.onRequest(), progress).run(plan, folder(name));
    return told;
  }

  @Test
  void a_run_that_fails_in_a_place_that_was_given_on_spares_the_others() throws Exception {
    Plan plan = Yaml.plan(MANY, "sweeps.sizes.grid.task.dim=[4]", "execution.retries=0");
    int victim = plan.runs().get(9).run().seed();
    Engine engine =
        engine(
            3,
            (backend, runs) ->
                new FakeTraining(runs) {
                  @Override
                  public void train(long steps) {
                    for (int r = 0; r < replicas(); r++) {
                      if (run(r).seed() == victim && step(r) >= 10) {
                        throw new IllegalStateException("planted");
                      }
                    }
                    super.train(steps);
                  }
                });
    ResultsFolder folder = folder("a");
    assertThat(run(plan, folder, engine, 1).count(Standing.State.FAILED)).isEqualTo(4);
    assertThat(Execution.standings(plan, folder))
        .allMatch(
            s ->
                s.state()
                    == (s.run().run().seed() == victim
                        ? Standing.State.FAILED
                        : Standing.State.COMPLETE));
  }

  /** Seven real runs of one shape in three places: by rate they end early, late, or diverge. */
  private static final String REAL =
      Yaml.TINY
          .replace("task.dim: [4, 6]", "training.optimizer.learning_rate: [1.0e-5, 1.0e-2, 3.0e-2]")
          .replace("{repetition.in_context: [1, 2]}", "{repetition.cross_sample: [0.5]}")
          .replace("below: 0.3}", "below: 0.9, relative_to: initial}")
          .replace("max_steps: 60", "max_steps: 14")
          .replace("evaluate_every: 10", "evaluate_every: 4");

  @Test
  void real_runs_in_places_that_are_given_on_have_the_bits_of_runs_alone_on_the_cpu()
      throws Exception {
    real("cpu", () -> Devices.open("cpu", 1));
  }

  @Test
  void real_runs_in_places_that_are_given_on_have_the_bits_of_runs_alone_on_cuda()
      throws Exception {
    real("cuda", CudaUnderTest::open);
  }

  private void real(String name, Supplier<Backend> backends) throws Exception {
    Plan plan = Yaml.plan(REAL, "execution.keep=all", "execution.checkpoint_every=0s");
    assertThat(plan.runs()).hasSize(8);
    ResultsFolder alone = folder(name + "-alone");
    run(plan, alone, new Engine(backends, Trainer::create, 1), 1);
    AtomicInteger recorded = new AtomicInteger();
    List<Integer> sizes = new ArrayList<>();
    Engine.Trainings noting =
        (backend, runs) -> {
          sizes.add(runs.size());
          return Trainer.create(counting(backend, recorded), runs);
        };
    ResultsFolder together = folder(name + "-together");
    run(plan, together, new Engine(backends, noting, 3), 1);
    assertThat(contents(plan, together)).isEqualTo(contents(plan, alone));
    assertThat(sizes.stream().filter(size -> size == 3)).as("one cohort of all runs").hasSize(1);
    assertThat(recorded).as("a step and a test set of each").hasValue(2 * sizes.size());
  }

  /** Counts the programs that are recorded. */
  private static Backend counting(Backend backend, AtomicInteger recorded) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              recorded.addAndGet(method.getName().equals("record") ? 1 : 0);
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
