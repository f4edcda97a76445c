package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.model.NetworkOptions.Fold;
import dev.emergence.model.NetworkOptions.Shortcut;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.Span;
import dev.emergence.spec.Stack.Biases;
import dev.emergence.spec.Stack.OutputInitialization;
import dev.emergence.spec.TransformerSpec;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Transformer, over all combinations of its options. */
class TransformerTest extends ModelContract {
  private static final Signature VECTORS = new Signature(4, 3, false, 2);

  /** Encodings that are added to the stream. */
  private static final List<PositionalEncoding> ADDED =
      List.of(PositionalEncoding.SINUSOIDAL, PositionalEncoding.LEARNED, PositionalEncoding.NONE);

  private static final Signature TOKENS = new Signature(4, 6, true, 7);

  @Override
  Stream<ModelCase> cases() {
    Stream.Builder<ModelCase> all = Stream.builder();
    for (LayerNorm norm : LayerNorm.values()) {
      for (Readout readout : Readout.values()) {
        for (PositionalEncoding positions : ADDED) {
          for (int bits = 0; bits < 32; bits++) {
            TransformerOptions o =
                TransformerOptions.small().norm(norm).readout(readout).positions(positions);
            o = (bits & 1) == 0 ? o : o.full();
            o = (bits & 2) == 0 ? o : o.relu();
            o = (bits & 4) == 0 ? o : o.withoutSkips();
            o = (bits & 8) == 0 ? o : o.mlpFactor(0);
            all.add(new ModelCase(o.spec(), (bits & 16) == 0 ? VECTORS : TOKENS, 2, 3));
          }
        }
      }
    }
    return Stream.of(all.build(), manyTargets(), youngKeys()).flatMap(s -> s);
  }

  /** Those in which a sequence has several targets: the next tokens, or some in the middle. */
  Stream<ModelCase> manyTargets() {
    Stream.Builder<ModelCase> all = Stream.builder();
    for (LayerNorm norm : LayerNorm.values()) {
      for (Span scored : List.of(new Span(0, 3), new Span(1, 2), new Span(2, 1), Span.all(4))) {
        for (Readout readout : List.of(Readout.AUTO, Readout.ALL)) {
          TransformerOptions o = TransformerOptions.small().norm(norm).readout(readout);
          all.add(new ModelCase(o.spec(), new Signature(4, 3, false, 2, scored), 2, 3));
          all.add(new ModelCase(o.spec(), new Signature(4, 6, true, 7, scored), 2, 3));
        }
      }
    }
    return all.build();
  }

  @ParameterizedTest
  @MethodSource("manyTargets")
  void only_the_scored_positions_are_predicted_each_from_its_own_vector(ModelCase c) {
    Signature s = c.signature();
    Signature whole = new Signature(4, s.inputs(), s.discrete(), s.outputs(), Span.all(4));
    ModelCase every = new ModelCase(c.architecture(), whole, 2, 3);
    try (Backend backend = new ReferenceBackend();
        ModelRun some = new ModelRun(backend, c, NetworkOptions.evaluation(3));
        ModelRun all = new ModelRun(backend, every, NetworkOptions.evaluation(3))) {
      double[] got = some.predict();
      double[] want = all.predict();
      int width = s.scored().count() * s.outputs();
      assertThat(got).hasSize(2 * 3 * width);
      for (int i = 0; i < got.length; i++) {
        int from = i / width * 4 * s.outputs() + s.scored().first() * s.outputs();
        assertThat(got[i]).as("element %d of %s", i, c).isEqualTo(want[from + i % width]);
      }
    }
  }

  @Test
  void predictions_need_as_many_targets_or_one() {
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend)) {
      Tensor prediction = scope.floats(1, 2, 5, 3);
      assertThatThrownBy(
              () -> new Objective(backend, scope, prediction, scope.ints(1, 2, 4), false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "5 positions of each of 2 sequences predict, so that they need as many targets or"
                  + " one, got ");
    }
  }

  /** Rotary positions, branches side by side, fewer biases, outputs that start at zero. */
  private static Stream<ModelCase> youngKeys() {
    Stream.Builder<ModelCase> all = Stream.builder();
    for (LayerNorm norm : LayerNorm.values()) {
      for (Readout readout : Readout.values()) {
        for (int bits = 0; bits < 8; bits++) {
          TransformerOptions o = TransformerOptions.small().norm(norm).readout(readout);
          o = (bits & 1) == 0 ? o : o.withoutSkips();
          o = (bits & 2) == 0 ? o : o.mlpFactor(0);
          Signature signature = (bits & 4) == 0 ? VECTORS : TOKENS;
          all.add(new ModelCase((bits < 4 ? o.rotary() : o.halfRotary()).spec(), signature, 2, 3));
          all.add(new ModelCase(o.biases(Biases.MLP).spec(), signature, 2, 3));
          all.add(new ModelCase(o.biases(Biases.NONE).spec(), signature, 2, 3));
          all.add(new ModelCase(o.zeroOutputs().spec(), signature, 2, 3));
          if (norm != LayerNorm.POST) {
            all.add(new ModelCase(o.parallel().spec(), signature, 2, 3));
            all.add(new ModelCase(o.parallel().biases(Biases.NONE).spec(), signature, 2, 3));
          }
        }
      }
    }
    return all.build();
  }

  @Override
  Stream<ModelCase> connectedCases() {
    // A read-out that starts at zero predicts zero whatever it reads.
    return cases()
        .filter(
            c ->
                transformer(c).shared().outputInitialization() == OutputInitialization.AS_THE_REST);
  }

  /** Those in which the last block is shortened. */
  Stream<ModelCase> readFromTheLast() {
    return cases().filter(c -> transformer(c).shared().readout() == Readout.LAST);
  }

  @ParameterizedTest
  @MethodSource("readFromTheLast")
  void the_short_last_block_has_the_loss_and_gradients_of_the_full_one(ModelCase c) {
    NetworkOptions full = NetworkOptions.training(c.batch()).withoutShortcut();
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, full)) {
      double[] loss = run.loss();
      double[] gradient = run.gradient();
      for (Shortcut shortcut : List.of(Shortcut.ONE_QUERY, Shortcut.NO_KEYS)) {
        run.use(full.with(shortcut));
        assertNear(run.loss(), loss, 1e-13, "loss of %s with %s", c, shortcut);
        assertNear(run.gradient(), gradient, 1e-13, "gradient of %s with %s", c, shortcut);
        run.use(NetworkOptions.evaluation(c.batch()).with(shortcut));
        assertNear(run.loss(), loss, 1e-13, "evaluated loss of %s with %s", c, shortcut);
      }
    }
  }

  /** Scores shift by one number for all keys, so that the loss does not depend on their bias. */
  private static List<Double> gradientOfKeysBias(ModelCase c, NetworkOptions options) {
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, options)) {
      run.gradient();
      Tensor bias = run.parameters.gradient("blocks.1.attention.key.bias");
      return Arrays.stream(backend.doubles(bias)).boxed().toList();
    }
  }

  @Test
  void keys_are_left_out_where_that_is_asked_for_or_cheaper() {
    ModelCase brief = new ModelCase(TransformerOptions.small().spec(), TOKENS, 2, 3);
    Signature many = new Signature(40, 6, true, 7);
    ArchitectureSpec wide =
        Defaults.change(TransformerOptions.small().spec(), Map.of("head_dim", 8));
    ModelCase lengthy = new ModelCase(wide, many, 2, 3);
    NetworkOptions training = NetworkOptions.training(3);
    for (ModelCase c : List.of(brief, lengthy)) {
      assertThat(gradientOfKeysBias(c, training.with(Shortcut.NO_KEYS))).containsOnly(0.0);
      // What is computed is rounding, of which not every number is 0 by chance.
      assertThat(gradientOfKeysBias(c, training.with(Shortcut.ONE_QUERY))).anyMatch(g -> g != 0);
    }
    assertThat(gradientOfKeysBias(brief, training)).anyMatch(g -> g != 0);
    assertThat(gradientOfKeysBias(lengthy, training)).containsOnly(0.0);
  }

  @Test
  void a_network_that_is_looked_at_keeps_the_keys_of_its_last_block() {
    ModelCase c = new ModelCase(TransformerOptions.small().spec(), TOKENS, 2, 3);
    for (Shortcut shortcut : Shortcut.values()) {
      try (Backend backend = new ReferenceBackend();
          ModelRun run = new ModelRun(backend, c, NetworkOptions.inspection(3).with(shortcut))) {
        run.predict();
        assertThat(run.network().attention()).as("layers with %s", shortcut).hasSize(2);
      }
    }
  }

  /**
   * Those in which the first block can look through the embedding: vectors without a norm before
   * it, tokens with one.
   */
  Stream<ModelCase> lookedThrough() {
    return cases()
        .filter(
            c -> c.signature().discrete() == (transformer(c).shared().layerNorm() == LayerNorm.PRE))
        .filter(c -> transformer(c).shared().positionalEncoding() != PositionalEncoding.NONE)
        .filter(c -> transformer(c).shared().positionalEncoding() != PositionalEncoding.ROTARY);
  }

  private static TransformerSpec transformer(ModelCase c) {
    return (TransformerSpec) c.architecture();
  }

  @ParameterizedTest
  @MethodSource("lookedThrough")
  void a_first_block_that_looks_through_the_embedding_has_the_loss_and_gradients_of_the_plain_one(
      ModelCase c) {
    NetworkOptions plain = NetworkOptions.training(c.batch()).with(Fold.NONE);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, plain)) {
      double[] loss = run.loss();
      double[] gradient = run.gradient();
      run.use(plain.with(Fold.ALWAYS));
      assertNear(run.loss(), loss, 1e-13, "loss of %s", c);
      assertNear(run.gradient(), gradient, 1e-13, "gradient of %s", c);
      run.use(NetworkOptions.inspection(c.batch()).with(Fold.ALWAYS));
      assertNear(run.loss(), loss, 1e-13, "inspected loss of %s", c);
    }
  }

  @Test
  void a_first_block_looks_through_the_embedding_only_where_that_is_the_same_function() {
    ModelCase normed =
        new ModelCase(TransformerOptions.small().norm(LayerNorm.PRE).spec(), VECTORS, 2, 3);
    ModelCase tokens = new ModelCase(TransformerOptions.small().spec(), TOKENS, 2, 3);
    for (ModelCase c : List.of(normed, tokens)) {
      NetworkOptions plain = NetworkOptions.training(3).with(Fold.NONE);
      try (Backend backend = new ReferenceBackend();
          ModelRun run = new ModelRun(backend, c, plain)) {
        double[] gradient = run.gradient();
        run.use(plain.with(Fold.ALWAYS));
        assertThat(run.gradient()).as("gradient of %s", c).containsExactly(gradient);
      }
    }
  }

  @Test
  void the_short_last_block_holds_for_one_layer_one_token_and_one_sequence() {
    ModelCase c =
        new ModelCase(
            TransformerOptions.small().norm(LayerNorm.PRE).layers(1).spec(),
            new Signature(1, 3, false, 2),
            1,
            1);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.training(1))) {
      checkGradients(run);
    }
  }

  @ParameterizedTest
  @EnumSource(AttentionMask.class)
  void only_a_full_mask_lets_predictions_see_later_tokens(AttentionMask mask) {
    TransformerOptions o = TransformerOptions.small().readout(Readout.ALL);
    ModelCase c = new ModelCase((mask == AttentionMask.FULL ? o.full() : o).spec(), VECTORS, 2, 3);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.evaluation(3))) {
      double[] before = run.predict();
      int changedFrom = 2;
      double[] inputs = c.inputs(101);
      double[] other = c.inputs(404);
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = i / VECTORS.inputs() % VECTORS.length() >= changedFrom ? other[i] : inputs[i];
      }
      run.write(run.input, inputs);
      double[] after = run.predict();
      for (int i = 0; i < before.length; i++) {
        boolean mayChange =
            mask == AttentionMask.FULL || i / VECTORS.outputs() % VECTORS.length() >= changedFrom;
        assertThat(after[i] != before[i]).as("%s mask, element %d", mask, i).isEqualTo(mayChange);
      }
    }
  }

  @Test
  void where_every_position_predicts_the_loss_is_the_mean_over_positions() {
    ModelCase c =
        new ModelCase(TransformerOptions.small().readout(Readout.ALL).spec(), VECTORS, 2, 3);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.training(3))) {
      double[] prediction = run.predict();
      double[] target = backend.doubles(run.target);
      double[] expected = new double[2];
      for (int i = 0; i < prediction.length; i++) {
        int sequence = i / (VECTORS.length() * VECTORS.outputs());
        double error = prediction[i] - target[sequence * VECTORS.outputs() + i % VECTORS.outputs()];
        expected[sequence / 3] += 0.5 * error * error / (3 * VECTORS.length());
      }
      assertNear(run.loss(), expected, 1e-13, "loss");
    }
  }

  @Test
  void a_replica_computes_what_it_would_alone() {
    ModelCase pair =
        new ModelCase(TransformerOptions.small().norm(LayerNorm.PRE).spec(), TOKENS, 2, 3);
    ModelCase one = new ModelCase(pair.architecture(), TOKENS, 1, 3);
    try (Backend backend = new ReferenceBackend();
        ModelRun both = new ModelRun(backend, pair, NetworkOptions.training(3));
        ModelRun alone = new ModelRun(backend, one, NetworkOptions.training(3))) {
      alone.write(alone.input, Arrays.copyOf(pair.inputs(101), pair.inputs(101).length / 2));
      alone.write(alone.target, Arrays.copyOf(pair.targets(202), pair.targets(202).length / 2));
      double[] expected = both.gradient();
      assertThat(alone.gradient()).containsExactly(Arrays.copyOf(expected, expected.length / 2));
    }
  }

  @Test
  void an_inspected_network_shows_the_attention_of_every_layer_and_position() {
    ModelCase c = new ModelCase(TransformerOptions.small().spec(), VECTORS, 2, 3);
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend);
        ModelRun run = new ModelRun(backend, c, NetworkOptions.inspection(3))) {
      run.predict();
      List<Attention> layers = run.network().attention();
      assertThat(layers).hasSize(2);
      for (Attention layer : layers) {
        Tensor p = scope.floats(2, 3, 2, 4, 4);
        backend.attentionProbabilities(layer, p);
        double[] values = backend.doubles(p);
        for (int row = 0; row < values.length / 4; row++) {
          int query = row % 4;
          assertThat(Arrays.stream(values, 4 * row, 4 * row + 4).sum()).isCloseTo(1, within(1e-12));
          assertThat(Arrays.stream(values, 4 * row + query + 1, 4 * row + 4).sum()).isZero();
        }
      }
    }
  }

  @Test
  void attention_and_backward_are_refused_where_nothing_was_kept_for_them() {
    ModelCase c = new ModelCase(TransformerOptions.small().spec(), VECTORS, 1, 2);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.evaluation(2))) {
      assertThatThrownBy(() -> run.network().attention())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("INSPECTION");
      assertThatThrownBy(() -> run.network().backward(run.target))
          .hasMessageContaining("make one for TRAINING");
    }
  }

  @Test
  void parameters_are_those_of_the_declared_sizes() {
    Layout layout =
        Models.create(TransformerOptions.small().norm(LayerNorm.PRE).spec(), TOKENS).layout();
    assertThat(layout.part("embedding.weight").shape()).containsExactly(6, 5);
    assertThat(layout.part("blocks.1.attention.key.weight").shape()).containsExactly(6, 5);
    assertThat(layout.part("blocks.1.attention.output.weight").shape()).containsExactly(5, 6);
    assertThat(layout.part("blocks.0.mlp.hidden.weight").shape()).containsExactly(15, 5);
    assertThat(layout.part("readout.bias").shape()).containsExactly(7);
    long block = 4 * 30 + 3 * 6 + 5 + 2 * 75 + 15 + 5 + 4 * 5;
    assertThat(layout.size()).isEqualTo(30 + 2 * block + 10 + 35 + 7);
  }

  @Test
  void the_second_papers_reference_model_has_202626_parameters() {
    TransformerSpec spec =
        Defaults.with(
            TransformerSpec.class,
            Map.of(
                "layers",
                1,
                "heads",
                8,
                "embedding_dim",
                128,
                "head_dim",
                16,
                "positional_encoding",
                PositionalEncoding.LEARNED,
                "layer_norm",
                LayerNorm.PRE,
                "biases",
                Biases.MLP));
    assertThat(Models.create(spec, new Signature(32, 2, true, 2)).layout().size())
        .isEqualTo(202_626);
  }

  @Test
  void outputs_that_start_at_zero_predict_zero_and_leave_the_stream_alone() {
    ModelCase c = new ModelCase(TransformerOptions.small().zeroOutputs().spec(), TOKENS, 2, 3);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.training(3))) {
      assertThat(run.predict()).containsOnly(0.0);
      for (String name : List.of("blocks.1.attention.output.weight", "blocks.0.mlp.output.bias")) {
        assertThat(backend.doubles(run.parameters.value(name))).as(name).containsOnly(0.0);
      }
      assertThat(backend.doubles(run.parameters.value("blocks.0.mlp.hidden.weight")))
          .doesNotContain(0);
    }
  }

  /** With rotary positions alone, a score knows the distance of two tokens and nothing else. */
  @Test
  void attention_with_rotary_positions_depends_on_distances_alone() {
    ModelCase c =
        new ModelCase(
            TransformerOptions.small().layers(1).rotary().full().spec(),
            new Signature(5, 3, false, 2),
            1,
            2);
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend);
        ModelRun run = new ModelRun(backend, c, NetworkOptions.inspection(2))) {
      // Tokens 0 to 3 of the second sequence are tokens 1 to 4 of the first.
      double[] x = c.inputs(101);
      System.arraycopy(x, 3, x, 15, 12);
      run.write(run.input, x);
      run.predict();
      Tensor p = scope.floats(1, 2, 2, 5, 5);
      backend.attentionProbabilities(run.network().attention().get(0), p);
      double[] weights = backend.doubles(p);
      for (int head = 0; head < 2; head++) {
        for (int query = 0; query < 4; query++) {
          int first = (head * 5 + query + 1) * 5;
          int second = ((2 + head) * 5 + query) * 5;
          assertThat(weights[second] / weights[second + 3])
              .as("head %d, query %d", head, query)
              .isCloseTo(weights[first + 1] / weights[first + 4], within(1e-9));
        }
      }
    }
  }
}
