package dev.emergence.execute.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.backend.Devices;
import dev.emergence.execute.ExecutionFixture;
import dev.emergence.execute.FakeTraining;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.ResultsFolder;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DeviceException;
import dev.emergence.train.Start;
import dev.emergence.train.Trainer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Runs that train together give what each gives alone, through stops at different steps and the
 * smaller cohorts that follow; how many train together is measured.
 */
class CohortsTest extends ExecutionFixture {
  /** Four runs of one shape, of which the two that learn fast stop early. */
  private static final String FOUR =
      Yaml.TINY
          .replace("task.dim: [4, 6]", "training.optimizer.learning_rate: [1.0e-5, 3.0e-2]")
          .replace("copies:", "again:")
          .replace("repetition.in_context: [1, 2]", "training.optimizer.learning_rate: [1.0e-5]")
          .replace("below: 0.3}", "below: 0.9, relative_to: initial}")
          .replace("max_steps: 60", "max_steps: 24")
          .replace("evaluate_every: 10", "evaluate_every: 4");

  @Test
  void on_the_cpu_a_cohort_gives_what_its_members_give_alone() throws Exception {
    compare("cpu", () -> Devices.open("cpu", 1));
  }

  @Test
  void on_cuda_a_cohort_gives_what_its_members_give_alone() throws Exception {
    compare("cuda", CudaUnderTest::open);
  }

  /** A library that sums in another order when it is asked for another number of replicas. */
  @Test
  void on_cuda_with_the_products_of_a_library_a_cohort_gives_what_its_members_give_alone()
      throws Exception {
    assumeFalse(CudaUnderTest.isReal(), "a GPU has NVIDIA's own library");
    compare("library", CudaUnderTest::withStandIn);
  }

  private void compare(String name, Supplier<Backend> backends) throws Exception {
    Plan plan = Yaml.plan(FOUR);
    assertThat(plan.runs()).hasSize(4);
    ResultsFolder alone = folder(name + "-alone");
    run(plan, alone, new Engine(backends, Trainer::create, 1), 1);
    ResultsFolder together = folder(name + "-together");
    List<Integer> sizes = new ArrayList<>();
    run(plan, together, new Engine(() -> watched(backends.get()), noting(sizes), 4), 1);
    assertThat(results(plan, together)).isEqualTo(results(plan, alone));
    assertThat(sizes).as("a cohort of all, then of those that are left").startsWith(4);
    assertThat(sizes).hasSizeGreaterThan(1);
    assertThat(notes).contains("4 of 4 runs like " + plan.runs().get(0).id() + " train together");
    assertThat(results(plan, alone).values().stream().map(r -> r.split(" ")[1]).distinct())
        .as("last steps differ, so that a cohort was compacted")
        .hasSizeGreaterThan(1);
  }

  /** The same backend; all its memory must have been given back when it is closed. */
  private static Backend watched(Backend backend) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("close")) {
            assertThat(backend.allocatedBytes()).isZero();
          }
          try {
            return method.invoke(backend, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, handler);
  }

  private static Engine.Trainings noting(List<Integer> sizes) {
    return (backend, runs) -> {
      sizes.add(runs.size());
      return Trainer.create(backend, runs);
    };
  }

  @Test
  void as_many_train_together_as_make_each_cheaper() {
    PlannedRun run = Yaml.plan(Yaml.TINY).runs().get(0);
    // A device that takes 8 ms a step for up to 8 runs, and that long for every 8 more.
    Engine.Trainings eight =
        (backend, runs) -> new SlowTraining(runs, () -> 8 * Math.ceil(runs.size() / 8.0));
    try (Backend backend = Devices.open("cpu", 1)) {
      assertThat(CohortSize.measure(backend, eight, run, 64).replicas()).isEqualTo(8);
      assertThat(CohortSize.measure(backend, eight, run, 5).replicas()).isEqualTo(5);
    }
  }

  @Test
  void no_run_is_left_alone_by_a_device_that_four_fill() {
    PlannedRun run = Yaml.plan(Yaml.TINY).runs().get(0);
    Engine.Trainings four =
        (backend, runs) -> new SlowTraining(runs, () -> 2.0 * Math.max(4, runs.size()));
    try (Backend backend = Devices.open("cpu", 1)) {
      assertThat(CohortSize.measure(backend, four, run, 5).replicas()).isEqualTo(5);
      assertThat(CohortSize.measure(backend, four, run, 64).replicas()).isEqualTo(4);
    }
  }

  @Test
  void memory_that_runs_out_ends_the_growth() {
    PlannedRun run = Yaml.plan(Yaml.TINY).runs().get(0);
    Engine.Trainings four =
        (backend, runs) -> {
          if (runs.size() > 4) {
            throw new DeviceException(DeviceException.Reason.OUT_OF_MEMORY, "no more");
          }
          return new SlowTraining(runs, () -> 4.0);
        };
    try (Backend backend = Devices.open("cpu", 1)) {
      CohortSize size = CohortSize.measure(backend, four, run, 64);
      assertThat(size.replicas()).isEqualTo(4);
      assertThat(size.secondsPerStep()).isBetween(0.9e-3, 10e-3);
    }
  }

  /** A training whose steps take a given number of milliseconds. */
  private static final class SlowTraining extends FakeTraining {
    private final Supplier<Double> millis;

    SlowTraining(List<Start> runs, Supplier<Double> millis) {
      super(runs);
      this.millis = millis;
    }

    @Override
    public void train(long steps) {
      try {
        Thread.sleep((long) (steps * millis.get()));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      super.train(steps);
    }
  }
}
