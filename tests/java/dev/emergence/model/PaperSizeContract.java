package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.ArchitectureSpec.Activation;
import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.Initialization;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.ArchitectureSpec.TokenInitialization;
import dev.emergence.spec.ArchitectureSpec.Transformer;
import dev.emergence.tensor.Backend;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A float32 backend agrees with the reference at the papers' width, where its fast paths are, for
 * two replicas.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PaperSizeContract {
  /** A fresh backend. */
  abstract Backend backend();

  Stream<ModelCase> cases() {
    ModelCase regression =
        new ModelCase(paper(LayerNorm.NONE), new Signature(17, 6, false, 5), 2, 3);
    ModelCase recall = new ModelCase(paper(LayerNorm.PRE), new Signature(19, 33, true, 33), 2, 2);
    return Stream.of(regression, recall);
  }

  private static Transformer paper(LayerNorm norm) {
    return new Transformer(
        2,
        4,
        256,
        64,
        4,
        PositionalEncoding.SINUSOIDAL,
        norm,
        AttentionMask.CAUSAL,
        Activation.GELU,
        Readout.LAST,
        Initialization.UNIFORM_FAN_IN,
        TokenInitialization.NORMAL,
        true);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void loss_and_gradients_are_those_of_the_reference(ModelCase c) {
    try (Backend judge = new ReferenceBackend();
        Backend tested = backend();
        ModelRun exact = new ModelRun(judge, c, NetworkOptions.training(c.batch()));
        ModelRun run = new ModelRun(tested, c, NetworkOptions.training(c.batch()))) {
      double[] wanted = exact.gradient();
      double[] found = run.gradient();
      double whole = norm(wanted, 0, wanted.length);
      int row = (int) exact.model.layout().size();
      for (Layout.Part part : exact.model.layout().parts()) {
        for (int r = 0; r < c.replicas(); r++) {
          int from = (int) (r * row + part.start());
          int to = (int) (from + part.size());
          double error = distance(found, wanted, from, to);
          // The gradient of a key's bias is zero but for rounding, which the whole gradient
          // measures.
          double tolerance = 2e-5 * norm(wanted, from, to) + 1e-7 * whole;
          assertThat(error <= tolerance)
              .as("gradient of %s, replica %d: off by %s > %s", part.name(), r, error, tolerance)
              .isTrue();
        }
      }
      double[] loss = run.loss();
      double[] exactLoss = exact.loss();
      for (int r = 0; r < c.replicas(); r++) {
        double error = Math.abs(loss[r] - exactLoss[r]);
        assertThat(error <= 1e-5 * exactLoss[r])
            .as("loss of replica %d: %s, exactly %s", r, loss[r], exactLoss[r])
            .isTrue();
      }
    }
  }

  private static double norm(double[] x, int from, int to) {
    return distance(x, new double[x.length], from, to);
  }

  private static double distance(double[] x, double[] y, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return Math.sqrt(sum);
  }
}
