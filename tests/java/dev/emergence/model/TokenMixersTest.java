package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.DiagonalRnnSpec;
import dev.emergence.spec.GatedDeltaSpec;
import dev.emergence.spec.LinearAttentionSpec;
import dev.emergence.spec.MlpMixerSpec;
import dev.emergence.spec.Stack.Biases;
import dev.emergence.spec.Stack.OutputInitialization;
import dev.emergence.spec.Stack.Residual;
import dev.emergence.tensor.Backend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The mixers other than attention, over the keys of the stack. */
class TokenMixersTest extends ModelContract {
  private static final Signature VECTORS = new Signature(4, 3, false, 2);
  private static final Signature TOKENS = new Signature(3, 6, true, 7);
  private static final Map<String, Object> HEADS = Map.of("heads", 2, "head_dim", 3);

  /** Every form of every mixer, with keys of the stack. */
  private static List<ArchitectureSpec> mixers(Map<String, Object> stack) {
    return List.of(
        with(MlpMixerSpec.class, stack, Map.of("form", MlpMixerSpec.Form.STATIC)),
        with(MlpMixerSpec.class, stack, Map.of("form", MlpMixerSpec.Form.MULTI_MAP, "groups", 3)),
        with(MlpMixerSpec.class, stack, Map.of("expansion", 2)),
        with(LinearAttentionSpec.class, stack, HEADS),
        with(
            LinearAttentionSpec.class,
            stack,
            Map.of(
                "heads",
                3,
                "head_dim",
                2,
                "feature",
                LinearAttentionSpec.Feature.ELU,
                "normalised",
                true)),
        with(GatedDeltaSpec.class, stack, HEADS),
        with(DiagonalRnnSpec.class, stack, Map.of("gate", DiagonalRnnSpec.Gate.NONE)),
        with(DiagonalRnnSpec.class, stack, Map.of("gate", DiagonalRnnSpec.Gate.INPUT)));
  }

  private static <T extends Record & ArchitectureSpec> ArchitectureSpec with(
      Class<T> kind, Map<String, Object> stack, Map<String, Object> own) {
    Map<String, Object> set = new HashMap<>(Map.of("embedding_dim", 6, "mlp_factor", 2));
    set.putAll(stack);
    set.putAll(own);
    return Defaults.with(kind, set);
  }

  @Override
  Stream<ModelCase> cases() {
    Stream.Builder<ModelCase> all = Stream.builder();
    for (LayerNorm norm : LayerNorm.values()) {
      for (Readout readout : Readout.values()) {
        Map<String, Object> keys = Map.of("layer_norm", norm, "readout", readout);
        mixers(keys).forEach(m -> all.add(new ModelCase(m, VECTORS, 2, 3)));
      }
    }
    for (Biases biases : Biases.values()) {
      Map<String, Object> keys =
          Map.of(
              "layers",
              1,
              "biases",
              biases,
              "readout",
              Readout.ALL,
              "residual",
              Residual.PARALLEL,
              "positional_encoding",
              PositionalEncoding.LEARNED);
      mixers(keys).forEach(m -> all.add(new ModelCase(m, TOKENS, 1, 2)));
    }
    Map<String, Object> others =
        Map.of(
            "output_initialization",
            OutputInitialization.ZERO,
            "skip_connections",
            false,
            "mlp_factor",
            0);
    mixers(others).forEach(m -> all.add(new ModelCase(m, TOKENS, 2, 3)));
    return all.build();
  }

  @Override
  Stream<ModelCase> connectedCases() {
    // A read-out that starts at zero predicts zero whatever it reads.
    return cases()
        .filter(
            c ->
                c.architecture().stack().orElseThrow().outputInitialization()
                    == OutputInitialization.AS_THE_REST);
  }

  @Test
  void channels_start_with_memories_of_2_to_32_sequence_lengths() {
    ArchitectureSpec spec =
        Defaults.with(DiagonalRnnSpec.class, Map.of("embedding_dim", 400, "layers", 1));
    Layout layout = Models.create(spec, new Signature(50, 2, true, 2)).layout();
    Layout.Part horizon = layout.part("blocks.0.mixer.horizon");
    float[] row = InitialValues.draw(layout, 3);
    double shortest = Double.MAX_VALUE;
    double longest = 0;
    for (int i = 0; i < 400; i++) {
      double memory = 1 + Math.exp(row[(int) horizon.start() + i]);
      shortest = Math.min(shortest, memory);
      longest = Math.max(longest, memory);
    }
    assertThat(shortest).isBetween(100.0, 105.0);
    assertThat(longest).isBetween(1500.0, 1600.0001);
  }

  @Test
  void a_static_mixer_of_one_matrix_is_the_causal_product() {
    ArchitectureSpec spec =
        with(
            MlpMixerSpec.class,
            Map.of(
                "layers",
                1,
                "mlp_factor",
                0,
                "readout",
                Readout.ALL,
                "skip_connections",
                false,
                "positional_encoding",
                PositionalEncoding.NONE,
                "embedding_dim",
                2),
            Map.of("form", MlpMixerSpec.Form.STATIC));
    ModelCase c = new ModelCase(spec, new Signature(3, 2, false, 2), 1, 1);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.evaluation(1))) {
      for (String layer : List.of("embedding", "readout")) {
        backend.write(run.parameters.value(layer + ".weight"), new double[] {1, 0, 0, 1});
        backend.write(run.parameters.value(layer + ".bias"), new double[2]);
      }
      backend.write(
          run.parameters.value("blocks.0.mixer.weight"),
          new double[] {2, 99, 98, -1, 3, 97, 0.5, 0, 4});
      run.write(run.input, new double[] {1, 10, 2, 20, 3, 30});
      assertThat(run.predict())
          .containsExactly(new double[] {2, 20, 5, 50, 12.5, 125}, within(1e-12));
    }
  }
}
