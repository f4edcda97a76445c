package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.model.NetworkOptions.Fold;
import dev.emergence.model.NetworkOptions.Shortcut;
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
import dev.emergence.spec.Stack.Residual;
import dev.emergence.spec.TransformerSpec;
import dev.emergence.tensor.Backend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static TransformerSpec paper(LayerNorm norm) {
    return Defaults.with(TransformerSpec.class, Map.of("layer_norm", norm));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void loss_and_gradients_are_those_of_the_reference_with_every_shortcut_and_the_fold(ModelCase c) {
    NetworkOptions full = NetworkOptions.training(c.batch()).withoutShortcut();
    try (Backend judge = new ReferenceBackend();
        Backend tested = backend();
        ModelRun exact = new ModelRun(judge, c, full);
        ModelRun run = new ModelRun(tested, c, full)) {
      double[] gradient = exact.gradient();
      double[] loss = exact.loss();
      for (NetworkOptions options : options(full)) {
        run.use(options);
        checkGradient(c, options, exact.model.layout(), gradient, run.gradient());
        checkLoss(options, loss, run.loss());
      }
    }
  }

  /** The second paper's width, every mixer, and what is young in the stack. */
  Stream<ModelCase> mixers() {
    Map<String, Object> heads = Map.of("heads", 8, "head_dim", 16);
    Map<String, Object> rotary =
        Map.of(
            "heads",
            8,
            "head_dim",
            16,
            "positional_encoding",
            PositionalEncoding.ROTARY,
            "residual",
            Residual.PARALLEL,
            "biases",
            Biases.MLP);
    return Stream.of(
            second(TransformerSpec.class, rotary),
            second(MlpMixerSpec.class, Map.of("form", MlpMixerSpec.Form.MULTI_MAP)),
            second(MlpMixerSpec.class, Map.of()),
            second(LinearAttentionSpec.class, heads),
            second(GatedDeltaSpec.class, heads),
            second(DiagonalRnnSpec.class, Map.of()))
        .map(spec -> new ModelCase(spec, new Signature(9, 2, true, 2), 2, 2));
  }

  private static <T extends Record & ArchitectureSpec> ArchitectureSpec second(
      Class<T> kind, Map<String, Object> own) {
    Map<String, Object> set = new HashMap<>();
    set.put("layers", 1);
    set.put("embedding_dim", 128);
    set.put("layer_norm", LayerNorm.PRE);
    set.put("positional_encoding", PositionalEncoding.LEARNED);
    set.put("readout", Readout.ALL);
    set.putAll(own);
    return Defaults.with(kind, set);
  }

  @ParameterizedTest
  @MethodSource("mixers")
  void loss_and_gradients_of_every_mixer_are_those_of_the_reference(ModelCase c) {
    NetworkOptions options = NetworkOptions.training(c.batch());
    try (Backend judge = new ReferenceBackend();
        Backend tested = backend();
        ModelRun exact = new ModelRun(judge, c, options);
        ModelRun run = new ModelRun(tested, c, options)) {
      checkGradient(c, options, exact.model.layout(), exact.gradient(), run.gradient());
      checkLoss(options, exact.loss(), run.loss());
    }
  }

  /** Each shortcut by itself, the fold by itself, and what is taken when nothing is said. */
  private static List<NetworkOptions> options(NetworkOptions full) {
    NetworkOptions plain = full.with(Fold.NONE);
    List<NetworkOptions> all = new ArrayList<>();
    for (Shortcut shortcut : Shortcut.values()) {
      all.add(plain.with(shortcut));
    }
    all.add(plain.with(Fold.ALWAYS));
    all.add(NetworkOptions.training(full.batch()));
    return all;
  }

  private static void checkGradient(
      ModelCase c, NetworkOptions options, Layout layout, double[] wanted, double[] found) {
    double whole = norm(wanted, 0, wanted.length);
    for (Layout.Part part : layout.parts()) {
      for (int r = 0; r < c.replicas(); r++) {
        int from = (int) (r * layout.size() + part.start());
        int to = (int) (from + part.size());
        double error = distance(found, wanted, from, to);
        // The gradient of a key's bias is zero but for rounding, which the whole gradient
        // measures.
        double tolerance = 2e-5 * norm(wanted, from, to) + 1e-7 * whole;
        assertThat(error <= tolerance)
            .as("%s, gradient of %s, replica %d: off by %s", options, part.name(), r, error)
            .isTrue();
      }
    }
  }

  private static void checkLoss(NetworkOptions options, double[] wanted, double[] found) {
    for (int r = 0; r < wanted.length; r++) {
      assertThat(Math.abs(found[r] - wanted[r]) <= 1e-5 * wanted[r])
          .as("%s, loss of replica %d: %s, exactly %s", options, r, found[r], wanted[r])
          .isTrue();
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
