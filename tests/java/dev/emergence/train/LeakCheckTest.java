package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.backend.Devices;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.DiagonalRnnSpec;
import dev.emergence.spec.GatedDeltaSpec;
import dev.emergence.spec.LinearAttentionSpec;
import dev.emergence.spec.LinearAttentionSpec.Feature;
import dev.emergence.spec.MlpMixerSpec;
import dev.emergence.spec.MlpMixerSpec.Form;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.Dynamics;
import dev.emergence.spec.TransformerSpec;
import dev.emergence.tensor.Backend;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The leak detector finds leaks, and finds none in any mixer. */
class LeakCheckTest {
  private static final LeakCheck.Effort SHORT = new LeakCheck.Effort(6, 3, 64, 300, 5e-3, 1);

  private static <T extends Record & ArchitectureSpec> T small(
      Class<T> kind, Map<String, Object> more) {
    Map<String, Object> set = new HashMap<>();
    set.put("layers", 1);
    set.put("embedding_dim", 16);
    set.put("mlp_factor", 2);
    set.put("layer_norm", LayerNorm.PRE);
    set.put("positional_encoding", PositionalEncoding.LEARNED);
    set.putAll(more);
    return Defaults.with(kind, set);
  }

  private static Map<String, Object> heads(Map<String, Object> more) {
    Map<String, Object> set = new HashMap<>(Map.of("heads", 2, "head_dim", 8));
    set.putAll(more);
    return set;
  }

  static Stream<ArchitectureSpec> causal() {
    return Stream.of(
        small(TransformerSpec.class, heads(Map.of())),
        small(
            TransformerSpec.class, heads(Map.of("positional_encoding", PositionalEncoding.ROTARY))),
        small(MlpMixerSpec.class, Map.of("form", Form.STATIC)),
        small(MlpMixerSpec.class, Map.of("form", Form.MULTI_MAP, "groups", 4)),
        small(MlpMixerSpec.class, Map.of("form", Form.TOKEN_MLP, "expansion", 2)),
        small(LinearAttentionSpec.class, heads(Map.of())),
        small(LinearAttentionSpec.class, heads(Map.of("feature", Feature.ELU, "normalised", true))),
        small(GatedDeltaSpec.class, heads(Map.of())),
        small(DiagonalRnnSpec.class, Map.of()),
        small(DiagonalRnnSpec.class, Map.of("gate", DiagonalRnnSpec.Gate.NONE)));
  }

  @ParameterizedTest
  @MethodSource("causal")
  void no_mixer_lets_a_position_see_later_tokens(ArchitectureSpec spec) {
    try (Backend backend = Devices.open("cpu", 1)) {
      LeakCheck.Result result = LeakCheck.of(spec, backend, SHORT);
      assertThat(result.peek()).as("a prediction that changes with a later token").isEmpty();
      assertThat(result.chance()).isCloseTo(Math.log(3), within(1e-12));
      assertThat(result.loss())
          .as("loss on noise")
          .isBetween(result.chance() - 0.01, result.chance() + 0.1);
      assertThat(result.leaks()).isFalse();
    }
  }

  @Test
  void attention_to_all_tokens_is_found_by_both_tests() {
    try (Backend backend = Devices.open("cpu", 1)) {
      ArchitectureSpec full =
          small(TransformerSpec.class, heads(Map.of("attention", AttentionMask.FULL)));
      LeakCheck.Result result = LeakCheck.of(full, backend, SHORT);
      assertThat(result.peek()).contains(new LeakCheck.Peek(0, 1));
      assertThat(result.belowChance()).as("loss %s", result.loss()).isTrue();
    }
  }

  @Test
  void what_predicts_once_a_sequence_has_nothing_to_leak() {
    try (Backend backend = Devices.open("cpu", 1)) {
      ToySpec toy = Defaults.with(ToySpec.class, Map.of("dynamics", Dynamics.SGD));
      assertThatThrownBy(() -> LeakCheck.of(toy, backend, SHORT))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
