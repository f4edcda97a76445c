package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that plain Java draws reach the tensors of their step, whatever was drawn ahead. */
public interface HostDrawContract extends BackendUnderTest {

  /** Numbers that name their replica, step, output and place. */
  private static void number(int replica, int step, List<HostArray> out) {
    for (int o = 0; o < out.size(); o++) {
      for (int i = 0; i < out.get(o).size(); i++) {
        int value = 1000 * step + 100 * replica + 10 * o + i % 10;
        if (out.get(o).isFloats()) {
          out.get(o).floats()[i] = value + 0.25f;
        } else {
          out.get(o).ints()[i] = value;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  default void every_output_of_every_replica_is_filled(int replicas) {
    Bench.agree(
        backend(),
        0,
        bench -> {
          Tensor step =
              bench.integers("step", Arrays.copyOf(new int[] {4, -2, 70000}, replicas), replicas);
          HostDraw draw =
              new HostDraw(
                  step,
                  HostDrawContract::number,
                  List.of(
                      bench.integerOutput("tokens", replicas, 3, 5),
                      bench.output("vectors", replicas, 3, 5, 7),
                      bench.integerOutput("one", replicas, 1),
                      bench.output("many", replicas, 700)));
          bench.run(() -> bench.backend().drawHost(draw));
        });
  }

  /** A program that goes on by a step and draws what that step has. */
  private StepProgram advancing(HostDraw draw, Tensor stoppedAt) {
    return backend()
        .record(
            () -> {
              backend().advance(draw.step(), stoppedAt);
              backend().drawHost(draw);
            });
  }

  @Test
  default void a_program_draws_the_batch_of_its_step_after_steps_jumps_and_rests() {
    try (Scope scope = new Scope(backend())) {
      Tensor step = scope.ints(2);
      Tensor stoppedAt = scope.ints(2);
      Tensor out = scope.ints(2, 3);
      HostDraw draw = new HostDraw(step, HostDrawContract::number, List.of(out));
      try (StepProgram program = advancing(draw, stoppedAt)) {
        assertThat(program.size()).isEqualTo(2);
        List<Integer> seen = new ArrayList<>();
        for (int start : new int[] {0, 40, 2}) {
          backend().write(step, new int[] {start, start});
          backend().write(stoppedAt, new int[] {0, start == 40 ? 1 : 0});
          for (int i = 0; i < 9; i++) {
            program.run();
            int[] got = backend().ints(out);
            seen.add(got[0] / 1000);
            int second = start == 40 ? 40 : start + i + 1;
            assertThat(got)
                .containsExactly(
                    1000 * (start + i + 1),
                    1000 * (start + i + 1) + 1,
                    1000 * (start + i + 1) + 2,
                    1000 * second + 100,
                    1000 * second + 101,
                    1000 * second + 102);
          }
        }
        assertThat(seen).hasSize(27).startsWith(1, 2, 3).contains(41, 49, 3, 11);
      }
    }
  }

  @Test
  default void a_program_sees_nothing_that_a_source_drew_before_it_changed() {
    AtomicInteger more = new AtomicInteger();
    HostDraw.Source source =
        (replica, step, out) -> out.get(0).ints()[0] = 1000 * step + replica + more.get();
    try (Scope scope = new Scope(backend())) {
      Tensor step = scope.ints(2);
      Tensor stoppedAt = scope.ints(2);
      Tensor out = scope.ints(2, 1);
      HostDraw draw = new HostDraw(step, source, List.of(out));
      try (StepProgram program = advancing(draw, stoppedAt)) {
        for (int i = 1; i <= 12; i++) {
          if (i % 4 == 0) {
            backend().ints(out); // no program runs
            more.addAndGet(100);
            backend().redraw(source);
          }
          program.run();
          int first = 1000 * i + i / 4 * 100;
          assertThat(backend().ints(out)).containsExactly(first, first + 1);
        }
      }
    }
  }

  @Test
  default void programs_of_one_backend_do_not_disturb_each_other() {
    try (Scope scope = new Scope(backend())) {
      Tensor step = scope.ints(1);
      Tensor a = scope.ints(1, 2);
      Tensor b = scope.floats(1, 2);
      try (StepProgram first = recorded(new HostDraw(step, HostDrawContract::number, List.of(a)));
          StepProgram second = recorded(new HostDraw(step, HostDrawContract::number, List.of(b)))) {
        for (int i = 0; i < 5; i++) {
          backend().write(step, new int[] {i});
          first.run();
          second.run();
          assertThat(backend().ints(a)).containsExactly(1000 * i, 1000 * i + 1);
          assertThat(backend().floats(b)).containsExactly(1000 * i + 0.25f, 1000 * i + 1.25f);
        }
      }
    }
  }

  private StepProgram recorded(HostDraw draw) {
    return backend().record(() -> backend().drawHost(draw));
  }

  @Test
  default void what_a_source_raises_is_told_with_its_batch_and_the_backend_goes_on() {
    AtomicInteger calls = new AtomicInteger();
    HostDraw.Source failing =
        (replica, step, out) -> {
          calls.incrementAndGet();
          throw new UnsupportedOperationException("no such sequence");
        };
    try (Scope scope = new Scope(backend())) {
      Tensor step = scope.ints(1);
      Tensor out = scope.ints(1, 2);
      HostDraw draw = new HostDraw(step, failing, List.of(out));
      backend().write(step, new int[] {7});
      assertThatThrownBy(() -> backend().drawHost(draw))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("batch 7 of replica 0 cannot be drawn")
          .hasMessageContaining("no such sequence");
      try (StepProgram program = recorded(draw)) {
        assertThat(calls.get()).isEqualTo(1);
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(
                  () -> {
                    program.run();
                    backend().ints(out);
                  })
              .hasMessageContaining("batch 7 of replica 0 cannot be drawn")
              .hasMessageContaining("no such sequence");
        }
      }
      backend().drawHost(new HostDraw(step, HostDrawContract::number, List.of(out)));
      assertThat(backend().ints(out)).containsExactly(7000, 7001);
    }
  }

  @Test
  default void a_program_that_never_ran_or_failed_to_be_recorded_leaves_no_thread_behind() {
    long before = drawing();
    try (Scope scope = new Scope(backend())) {
      Tensor step = scope.ints(1);
      HostDraw draw = new HostDraw(step, HostDrawContract::number, List.of(scope.ints(1, 2)));
      recorded(draw).close();
      assertThatThrownBy(
              () ->
                  backend()
                      .record(
                          () -> {
                            backend().drawHost(draw);
                            throw new UnsupportedOperationException("changed my mind");
                          }))
          .hasMessage("changed my mind");
    }
    assertThat(drawing()).isEqualTo(before);
  }

  private static long drawing() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("emergence-draw"))
        .count();
  }

  @Test
  default void outputs_that_do_not_fit_the_step_are_refused() {
    try (Scope scope = new Scope(backend())) {
      Tensor step = scope.ints(2);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> backend().drawHost(new HostDraw(step, HostDrawContract::number, List.of())))
          .withMessageContaining("drawHost")
          .withMessageContaining("1 to 8 outputs, got 0");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  backend()
                      .drawHost(
                          new HostDraw(step, HostDrawContract::number, List.of(scope.ints(3, 1)))))
          .withMessageContaining("2 replicas of step");
    }
  }
}
