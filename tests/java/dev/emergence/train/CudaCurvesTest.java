package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.backend.Devices;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same training on the processor and on a GPU: the test loss of both goes the same way, step
 * for step, as closely as float32 lets it. How close that is, the float64 reference tells.
 */
class CudaCurvesTest {
  private static final int EVERY = 20;

  /** The emulation is some hundred times slower than a GPU. */
  private static final int STEPS = CudaUnderTest.isReal() ? 200 : 40;

  @ParameterizedTest
  @ValueSource(strings = {"regression", "recall"})
  void the_test_loss_of_cuda_follows_that_of_the_cpu(String task) {
    TinyRun run = task.equals("recall") ? TinyRun.recall() : TinyRun.regression();
    double[] exact = curve(new ReferenceBackend(), run);
    double[] cpu = curve(Devices.open("cpu", 1), run);
    double[] cuda = curve(CudaUnderTest.open(), run);
    // Two float32 trainings part from a float64 one at their own pace, but not by orders.
    double allowed = 20 * worst(cpu, exact) + 1e-5;
    double found = worst(cuda, cpu);
    System.out.printf(
        Locale.ROOT,
        "%s, %d steps: loss %.6f to %.6f; cuda and cpu differ by at most %.1e (allowed %.1e)%n",
        task,
        STEPS,
        cuda[0],
        cuda[cuda.length - 1],
        found,
        allowed);
    assertThat(cuda[cuda.length - 1]).isLessThan(0.99 * cuda[0]);
    assertThat(found <= allowed)
        .as("curves of %s differ by %s, allowed %s", task, found, allowed)
        .isTrue();
  }

  private static double[] curve(Backend backend, TinyRun run) {
    List<Double> losses = new ArrayList<>();
    try (backend;
        Training training =
            Trainer.create(
                backend, List.of(run.measured(64, List.of(), "test").config()), List.of(5))) {
      int column = training.columns().indexOf("test.loss");
      for (int step = 0; step <= STEPS; step += EVERY) {
        training.trainTo(step);
        losses.add(training.evaluate()[0][column]);
      }
    }
    return losses.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Relative; NaN stays. */
  private static double worst(double[] a, double[] b) {
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]) / Math.abs(b[i]));
    }
    return worst;
  }
}
