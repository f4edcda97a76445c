package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.reference.ReferenceBackend;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The bench catches faulty backends: a sound one whose result is spoilt behind its back. */
class BenchTest {
  private final Backend tested = new ReferenceBackend();

  /** A copy whose result is spoilt on the tested side. */
  private void agreeWhenSpoilt(double tolerance, Consumer<Tensor> fault) {
    Bench.agree(
        tested,
        tolerance,
        bench -> {
          Tensor from = bench.normal("from", 2, 3, 5);
          Tensor to = bench.output("to", 2, 3, 5);
          bench.run(() -> bench.backend().copy(from, to));
          if (bench.backend() == tested) {
            fault.accept(to);
          }
        });
  }

  private Consumer<Tensor> write(long at, double value) {
    return t ->
        tested.write(
            Tensor.of(t.buffer(), 1, t.buffer().elements()).part(t.offset() + at, 1),
            new double[] {value});
  }

  @Test
  void a_sound_backend_agrees() {
    agreeWhenSpoilt(0, t -> {});
  }

  @Test
  void a_wrong_value_is_caught_with_place_and_value() {
    assertThatThrownBy(() -> agreeWhenSpoilt(1e-6, write(7, 99)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("to F32[2, 3, 5] at 7: got 99.0, want ");
  }

  @Test
  void a_value_that_is_not_a_number_is_caught() {
    assertThatThrownBy(() -> agreeWhenSpoilt(1e-6, write(7, Double.NaN)))
        .hasMessageContaining("at 7: got NaN");
  }

  @Test
  void a_write_before_or_behind_a_replica_is_caught() {
    // In the tight layout there is nothing before replica 0, and what lies behind it is padding.
    assertThatThrownBy(() -> agreeWhenSpoilt(1e-6, t -> guardedOnly(t, -1)))
        .hasMessageContaining("guard at -1 of replica 0");
    assertThatThrownBy(() -> agreeWhenSpoilt(1e-6, t -> guardedOnly(t, 15)))
        .hasMessageContaining("guard at 15 of replica 0");
  }

  private void guardedOnly(Tensor t, long at) {
    if (t.offset() > 0) {
      write(at, 99).accept(t);
    }
  }

  @Test
  void a_result_that_changes_from_run_to_run_is_caught() {
    double[] drift = {0.75};
    Consumer<Tensor> fault = t -> write(0, drift[0] += 1e-9).accept(t);
    assertThatThrownBy(() -> agreeWhenSpoilt(10, fault))
        .hasMessageContaining("from the same inputs");
  }
}
