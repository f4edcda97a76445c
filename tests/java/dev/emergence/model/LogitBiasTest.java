package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.model.NetworkOptions.Shortcut;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.LogitBias;
import dev.emergence.spec.LogitBias.Toward;
import dev.emergence.spec.Span;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transformers with biases on their attention scores. */
class LogitBiasTest extends ModelContract {
  private static final Signature TOKENS = new Signature(4, 6, true, 7);
  private static final Signature NEXT = new Signature(4, 6, true, 7, new Span(0, 3));

  private static LogitBias bias(Toward toward, double strength, boolean trainable) {
    return new LogitBias(toward, 2, strength, Optional.empty(), Optional.empty(), trainable);
  }

  private static LogitBias in(LogitBias b, List<Integer> layers, List<Integer> heads) {
    return new LogitBias(
        b.toward(),
        b.offset(),
        b.strength(),
        Optional.of(layers),
        Optional.of(heads),
        b.trainable());
  }

  @Override
  Stream<ModelCase> cases() {
    LogitBias previous = bias(Toward.PREVIOUS, 1.5, true);
    LogitBias first = in(bias(Toward.FIRST, -0.5, true), List.of(1), List.of(0));
    LogitBias offset = in(bias(Toward.OFFSET, 2, false), List.of(0), List.of(1));
    List<TransformerOptions> all =
        List.of(
            TransformerOptions.small().guided(previous),
            TransformerOptions.small().guided(first, offset),
            TransformerOptions.small().guided(previous, first, offset).full(),
            TransformerOptions.small().guided(offset, in(previous, List.of(0), List.of(0, 1))));
    return all.stream()
        .flatMap(o -> Stream.of(TOKENS, NEXT).map(s -> new ModelCase(o.spec(), s, 2, 3)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void one_query_with_biases_has_the_loss_and_gradients_of_all(ModelCase c) {
    NetworkOptions full = NetworkOptions.training(c.batch()).withoutShortcut();
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, full)) {
      double[] loss = run.loss();
      double[] gradient = run.gradient();
      for (Shortcut shortcut : List.of(Shortcut.ONE_QUERY, Shortcut.NO_KEYS, Shortcut.CHEAPEST)) {
        run.use(full.with(shortcut));
        assertNear(run.loss(), loss, 1e-13, "loss of %s", c);
        assertNear(run.gradient(), gradient, 1e-13, "gradient of %s", c);
      }
    }
  }

  @Test
  void a_strong_bias_moves_all_attention_to_its_keys_in_its_layers_and_heads() {
    LogitBias strong = in(bias(Toward.PREVIOUS, 60, false), List.of(1), List.of(0));
    ModelCase c = new ModelCase(TransformerOptions.small().guided(strong).spec(), TOKENS, 1, 2);
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend);
        ModelRun run = new ModelRun(backend, c, NetworkOptions.inspection(2))) {
      run.predict();
      List<Attention> layers = run.network().attention();
      Tensor p = scope.floats(1, 2, 2, 4, 4);
      for (int layer = 0; layer < 2; layer++) {
        backend.attentionProbabilities(layers.get(layer), p);
        double[] values = backend.doubles(p);
        for (int row = 0; row < values.length / 4; row++) {
          int query = row % 4;
          int head = row / 4 % 2;
          if (query > 0) {
            boolean moved = layer == 1 && head == 0;
            assertThat(values[4 * row + query - 1] > 0.999)
                .as("layer %d, head %d, query %d", layer, head, query)
                .isEqualTo(moved);
          }
        }
      }
    }
  }

  @Test
  void replicas_have_strengths_and_parents_of_their_own() {
    LogitBias toParents = bias(Toward.PARENTS, 0, false);
    ModelCase pair = new ModelCase(TransformerOptions.small().guided(toParents).spec(), NEXT, 2, 3);
    ModelCase plain = new ModelCase(TransformerOptions.small().spec(), NEXT, 2, 3);
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend);
        ModelRun unbiased = new ModelRun(backend, plain, NetworkOptions.training(3));
        ModelRun run = new ModelRun(backend, pair, guided(backend, scope, 0, 4))) {
      double[] want = unbiased.gradient();
      double[] got = run.gradient();
      int row = got.length / 2;
      assertThat(Arrays.copyOf(got, row)).containsExactly(Arrays.copyOf(want, row));
      assertThat(Arrays.copyOfRange(got, row, 2 * row))
          .isNotEqualTo(Arrays.copyOfRange(want, row, 2 * row));
    }
  }

  private static NetworkOptions guided(Backend backend, Scope scope, double... strengths) {
    Tensor queries = scope.ints(2, 3, 2);
    Tensor keys = scope.ints(2, 3, 2, 1);
    backend.write(queries, new int[] {1, 2, 1, 3, -1, 2, 2, 3, 1, 2, 3, 1});
    backend.write(keys, new int[] {0, 1, 1, 2, 0, 0, 1, 1, 0, 0, 3, -1});
    Tensor each = scope.floats(2, 1);
    backend.write(each, strengths);
    return NetworkOptions.training(3)
        .with(new Guidance(List.of(new Parents("parents", queries, keys)), List.of(each)));
  }

  @Test
  void a_bias_toward_parents_needs_a_batch_that_knows_them() {
    ModelCase c =
        new ModelCase(
            TransformerOptions.small().guided(bias(Toward.PARENTS, 1, false)).spec(), NEXT, 1, 1);
    try (Backend backend = new ReferenceBackend()) {
      assertThatThrownBy(() -> new ModelRun(backend, c, NetworkOptions.training(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("logit_bias toward parents");
    }
  }
}
