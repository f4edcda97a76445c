package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.DiagonalRnnSpec;
import dev.emergence.spec.Span;
import dev.emergence.spec.Stack.Residual;
import dev.emergence.tensor.Backend;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mixer of one's own is one class; the stack gives it all else. */
class ToyMixerTest {
  private static final int WIDTH = 6;
  private static final Signature EVERY = new Signature(5, 7, true, 7, new Span(0, 5));

  /** The stack's keys are those of any architecture on it. */
  private static ModelCase of(LayerNorm norm, Residual residual) {
    ArchitectureSpec stack =
        Defaults.with(
            DiagonalRnnSpec.class,
            Map.of(
                "embedding_dim", WIDTH, "mlp_factor", 2, "layer_norm", norm, "residual", residual));
    return new ModelCase(stack, EVERY, 2, 3);
  }

  private static Model model(ModelCase c) {
    return new StackModel(
        c.architecture().stack().orElseThrow(), new ToyMixer(WIDTH), c.signature());
  }

  @ParameterizedTest
  @EnumSource(LayerNorm.class)
  void its_gradients_agree_with_central_differences(LayerNorm norm) {
    ModelCase c = of(norm, norm == LayerNorm.PRE ? Residual.PARALLEL : Residual.SEQUENTIAL);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, model(c), NetworkOptions.training(c.batch()))) {
      ModelContract.checkGradients(run);
    }
  }

  @ParameterizedTest
  @EnumSource(LayerNorm.class)
  void a_token_changes_its_own_and_later_predictions_alone(LayerNorm norm) {
    ModelCase c = of(norm, Residual.SEQUENTIAL);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, model(c), NetworkOptions.evaluation(c.batch()))) {
      double[] before = run.predict();
      double[] changed = c.inputs(101);
      changed[2] = (changed[2] + 1) % 7;
      run.write(run.input, changed);
      double[] after = run.predict();
      for (int position = 0; position < 5; position++) {
        for (int i = 7 * position; i < 7 * (position + 1); i++) {
          if (position < 2) {
            assertThat(after[i]).as("position %d", position).isEqualTo(before[i]);
          } else {
            assertThat(after[i]).as("position %d", position).isNotEqualTo(before[i]);
          }
        }
      }
    }
  }
}
