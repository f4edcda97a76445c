package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.StepProgram;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A step is one replayed program, a part of a test set another: between two measurements nothing
 * passes between host and device but the order to replay, and one number that waits for the last.
 */
class RecordedStepTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void steps_are_replays_and_the_host_reads_once_at_the_end() {
    try (Backend backend = noting(CudaUnderTest.open());
        Training training = training(backend)) {
      calls.clear();
      training.trainTo(7);
      List<String> expected = new ArrayList<>(Collections.nCopies(7, "replay 1"));
      expected.add("ints");
      assertThat(calls).isEqualTo(expected);
    }
  }

  @Test
  void a_test_set_is_measured_by_a_program_of_its_own() {
    try (Backend backend = noting(CudaUnderTest.open());
        Training training = training(backend)) {
      training.trainTo(1);
      calls.clear();
      training.evaluate();
      assertThat(calls).contains("replay 2").doesNotContain("replay 1");
      assertThat(calls).doesNotContain("gemm", "attention", "record", "allocate");
    }
  }

  @Test
  void a_run_that_is_given_a_place_is_written_and_nothing_is_recorded_again() {
    try (Backend backend = noting(CudaUnderTest.open());
        Training training = training(backend)) {
      training.train(3);
      training.evaluate();
      calls.clear();
      training.enter(1, new Start(TinyRun.regression().config(), 9));
      assertThat(calls).isNotEmpty().containsOnly("write", "zero");
      training.train(2);
      training.evaluate();
      assertThat(calls).contains("replay 1", "replay 2");
      assertThat(calls).doesNotContain("record", "allocate", "free", "gemm", "adam");
    }
  }

  @Test
  void a_snapshot_and_its_return_move_float32_and_draw_nothing() {
    try (Backend backend = noting(CudaUnderTest.open());
        Training training = training(backend)) {
      training.train(2);
      calls.clear();
      Snapshot snapshot = training.snapshot(0);
      assertThat(calls.stream().filter("floats"::equals)).as("parameters, m and v").hasSize(3);
      assertThat(snapshot.array("adam.m.readout.weight").floats()).isPresent();
      calls.clear();
      training.enter(1, new Start(TinyRun.regression().config(), 3, Optional.of(snapshot)));
      assertThat(calls).containsOnly("write");
      training.train(2);
      assertThat(training.snapshot(1).array("readout.weight").values())
          .containsExactly(training.snapshot(0).array("readout.weight").values());
    }
  }

  @Test
  void whether_replicas_have_diverged_is_read_once_for_all() {
    try (Backend backend = noting(CudaUnderTest.open());
        Training training = training(backend)) {
      training.train(3);
      calls.clear();
      assertThat(training.divergedAt(0)).isEmpty();
      assertThat(training.divergedAt(1)).isEmpty();
      assertThat(calls).isEmpty();
    }
  }

  private static Training training(Backend backend) {
    return Trainer.create(
        backend,
        List.of(TinyRun.regression().config(), TinyRun.regression().config()),
        List.of(3, 4));
  }

  private Backend noting(Backend backend) {
    int[] programs = {0};
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              try {
                Object result = method.invoke(backend, arguments);
                return result instanceof StepProgram program
                    ? new Noted(program, "replay " + ++programs[0])
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** A program that says when it is run. */
  private final class Noted implements StepProgram {
    private final StepProgram program;
    private final String name;

    Noted(StepProgram program, String name) {
      this.program = program;
      this.name = name;
    }

    @Override
    public void run() {
      calls.add(name);
      program.run();
    }

    @Override
    public int size() {
      return program.size();
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
