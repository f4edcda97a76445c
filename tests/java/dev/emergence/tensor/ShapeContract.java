package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tensors that do not fit are refused by a message that names operation and argument, before
 * anything is computed.
 */
public interface ShapeContract extends BackendUnderTest {

  /** Calls of operations with one argument wrong. */
  Map<String, BiConsumer<Backend, Scope>> WRONG = wrongCalls();

  /** Operation and the argument at fault, as {@code operation argument}. */
  static Iterable<String> wrong() {
    return WRONG.keySet();
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.ShapeContract#wrong")
  default void a_wrong_shape_is_refused_by_operation_and_argument(String call) {
    String[] names = call.split(" ");
    try (Scope scope = new Scope(backend())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WRONG.get(call).accept(backend(), scope))
          .withMessageStartingWith(names[0] + ":")
          .withMessageContaining(names[1]);
    }
  }

  @Test
  default void a_wrong_shape_is_refused_when_recorded_already() {
    try (Scope scope = new Scope(backend())) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> backend().record(() -> WRONG.get("gemm b").accept(backend(), scope)).close())
          .withMessageContaining("[2, 4, 6]");
    }
  }

  /** Of three rows of four columns. */
  private static void normBackward(Backend b, Scope s, Optional<Tensor> added, long gammas) {
    Tensor x = s.floats(1, 3, 4);
    Tensor row = s.floats(1, 3);
    b.layerNormBackward(
        new Backend.LayerNormGradient(
            x,
            x,
            s.floats(1, 4),
            row,
            Optional.of(row),
            x,
            added,
            s.floats(1, gammas),
            s.floats(1, 4)));
  }

  private static Map<String, BiConsumer<Backend, Scope>> wrongCalls() {
    Map<String, BiConsumer<Backend, Scope>> calls = new LinkedHashMap<>();
    calls.put("copy from", (b, s) -> b.copy(s.floats(2, 3), s.floats(2, 4)));
    calls.put("copy to", (b, s) -> b.copy(s.floats(2, 3), s.ints(2, 3)));
    calls.put("accumulate x", (b, s) -> b.accumulate(s.floats(1, 3), s.floats(2, 3)));
    calls.put(
        "gemm b",
        (b, s) -> b.gemm(false, false, s.floats(2, 3, 5), s.floats(2, 4, 6), 0, s.floats(2, 3, 6)));
    calls.put(
        "gemm c",
        (b, s) -> b.gemm(false, true, s.floats(2, 3, 5), s.floats(2, 6, 5), 0, s.floats(2, 6, 3)));
    calls.put(
        "gemm a",
        (b, s) -> b.gemm(true, false, s.ints(1, 3, 5), s.floats(1, 3, 6), 0, s.floats(1, 5, 6)));
    calls.put(
        "biasActivation bias",
        (b, s) ->
            b.biasActivation(
                s.floats(2, 3, 4), s.floats(2, 3), Activation.GELU, s.floats(2, 3, 4)));
    calls.put(
        "biasActivationBackward dBias",
        (b, s) ->
            b.biasActivationBackward(
                s.floats(1, 3, 4), s.floats(1, 3, 4), s.floats(1, 3, 4), s.floats(1, 3)));
    calls.put(
        "biasResidual residual",
        (b, s) ->
            b.biasResidual(
                s.floats(1, 3, 4),
                s.floats(1, 4),
                Optional.of(s.floats(1, 4, 4)),
                s.floats(1, 3, 4)));
    calls.put("biasBackward dBias", (b, s) -> b.biasBackward(s.floats(2, 3, 4), s.floats(1, 4)));
    calls.put(
        "embed tokens",
        (b, s) -> b.embed(s.floats(1, 2, 3), s.floats(1, 9, 4), s.floats(1, 2, 3, 4)));
    calls.put(
        "embedBackward dOut",
        (b, s) -> b.embedBackward(s.ints(1, 2, 3), s.floats(1, 2, 3, 5), s.floats(1, 9, 4)));
    calls.put(
        "addPositions positions",
        (b, s) -> b.addPositions(s.floats(1, 2, 3, 4), s.floats(1, 2, 4)));
    calls.put(
        "takeTokens tokens", (b, s) -> b.takeTokens(s.floats(1, 2, 3, 4), 3, s.floats(1, 2, 4)));
    calls.put("takeTokens out", (b, s) -> b.takeTokens(s.floats(1, 2, 3, 4), 2, s.floats(1, 3, 4)));
    calls.put("meanTokens x", (b, s) -> b.meanTokens(s.floats(1, 6, 4), s.floats(1, 2, 4)));
    calls.put(
        "repeatTokens out", (b, s) -> b.repeatTokens(s.floats(1, 2, 4), s.floats(1, 2, 3, 5)));
    calls.put(
        "layerNorm rstd",
        (b, s) ->
            b.layerNorm(
                s.floats(1, 3, 4),
                s.floats(1, 4),
                s.floats(1, 4),
                s.floats(1, 3, 4),
                s.floats(1, 3),
                Optional.of(s.floats(1, 4))));
    calls.put("layerNormBackward dGamma", (b, s) -> normBackward(b, s, Optional.empty(), 3));
    calls.put(
        "layerNormBackward added", (b, s) -> normBackward(b, s, Optional.of(s.floats(1, 3, 3)), 4));
    calls.put(
        "normScale rstd", (b, s) -> b.normScale(s.floats(1, 3, 4), s.floats(1, 4), s.floats(1, 4)));
    calls.put(
        "normScaleBackward dX",
        (b, s) -> {
          Tensor z = s.floats(1, 3, 4);
          Tensor bias = s.floats(1, 4);
          Tensor row = s.floats(1, 3);
          b.normScaleBackward(
              new Backend.NormScaleGradient(
                  z, z, bias, s.floats(1, 3, 5), row, row, z, bias, s.floats(1, 2, 5)));
        });
    attention(calls);
    training(calls);
    calls.put(
        "mixTokens weight",
        (b, s) ->
            b.mixTokens(
                new TokenMix(3, s.floats(1, 2, 6, 4), s.floats(1, 5, 4, 4), s.floats(1, 5, 6, 4))));
    calls.put(
        "mixTokensBackward dX",
        (b, s) ->
            b.mixTokensBackward(
                new TokenMix.Gradient(
                    new TokenMix(
                        3, s.floats(1, 2, 6, 3), s.floats(1, 5, 3, 4), s.floats(1, 5, 6, 4)),
                    s.floats(1, 5, 6, 4),
                    s.floats(1, 5, 6, 4),
                    false,
                    s.floats(1, 2, 6, 3))));
    calls.put("fastWeights stride", (b, s) -> b.fastWeights(fastWeights(s, 5, 7)));
    calls.put("fastWeights out", (b, s) -> b.fastWeights(fastWeights(s, 6, 7)));
    calls.put(
        "diagonalScan stride",
        (b, s) ->
            b.diagonalScan(
                new DiagonalScan(
                    s.floats(1, 2, 3, 8),
                    Optional.of(s.floats(1, 2, 3, 8)),
                    s.floats(1, 5),
                    s.floats(1, 2, 3, 5),
                    8)));
    calls.put(
        "rotate table",
        (b, s) -> b.rotate(new Rotation(s.floats(1, 2, 3, 5), s.floats(1, 3, 5), 2, 1, 5), false));
    return calls;
  }

  private static void attention(Map<String, BiConsumer<Backend, Scope>> calls) {
    calls.put("attention head_dim", (b, s) -> b.attention(attention(s, 129, 129, 6)));
    calls.put("attention strides", (b, s) -> b.attention(attention(s, 4, 3, 6)));
    calls.put("attention q", (b, s) -> b.attention(attention(s, 4, 9, 6)));
    calls.put("attention lse", (b, s) -> b.attention(attention(s, 4, 4, 5)));
    calls.put(
        "attentionBackward delta",
        (b, s) -> {
          Attention a = attention(s, 4, 4, 6);
          b.attentionBackward(
              new Attention.Gradient(a, a.out(), a.q(), a.k(), a.v(), s.floats(1, 5)));
        });
    calls.put(
        "attentionProbabilities p",
        (b, s) -> b.attentionProbabilities(attention(s, 4, 4, 6), s.floats(1, 2, 3, 3)));
    calls.put(
        "attentionMass parents",
        (b, s) -> b.attentionMass(attention(s, 4, 4, 6), parents(s, 3, 5), s.floats(1, 2, 1, 5)));
    calls.put(
        "attentionMass mass",
        (b, s) -> b.attentionMass(attention(s, 4, 4, 6), parents(s, 2, 5), s.floats(1, 2, 1, 4)));
    calls.put(
        "attentionEntropy queries",
        (b, s) -> b.attentionEntropy(attention(s, 4, 4, 6), s.ints(1, 3), s.floats(1, 2, 1)));
    calls.put(
        "attention listed",
        (b, s) ->
            b.attention(
                attention(s, 4, 4, 6).with(List.of(new Bias(parents(s, 3, 5), s.floats(1))))));
    calls.put(
        "attention strength",
        (b, s) ->
            b.attention(
                attention(s, 4, 4, 6).with(List.of(new Bias(parents(s, 1, 5), s.floats(1, 2))))));
    calls.put(
        "attention biases",
        (b, s) ->
            b.attention(
                attention(s, 4, 4, 6)
                    .with(Collections.nCopies(5, new Bias(parents(s, 1, 5), s.floats(1))))));
    calls.put(
        "attentionOverride heads",
        (b, s) ->
            b.attentionOverride(attention(s, 4, 4, 6), s.floats(1, 2, 1, 3, 3), s.ints(1, 2)));
    calls.put("listMarks list", (b, s) -> b.listMarks(s.ints(1, 2, 3), s.ints(1, 3, 2)));
  }

  private static Parents parents(Scope s, int sequences, int entries) {
    return new Parents("parents", s.ints(1, sequences, entries), s.ints(1, sequences, entries, 2));
  }

  /**
   * Two sequences of three tokens, one head, with a buffer for width-4 tokens next to each other.
   */
  private static Attention attention(Scope s, int headDim, int stride, int rows) {
    Tensor x = s.floats(1, 24);
    Attention.Shape shape = new Attention.Shape(2, 1, 3, 3, headDim, true, stride, stride, stride);
    return new Attention(x, x, x, Optional.empty(), x, s.floats(1, rows), shape, 1);
  }

  private static void training(Map<String, BiConsumer<Backend, Scope>> calls) {
    calls.put(
        "squaredError target",
        (b, s) ->
            b.squaredError(s.floats(1, 3, 4), s.floats(1, 4, 3), s.floats(1, 3), Optional.empty()));
    calls.put(
        "crossEntropy target",
        (b, s) ->
            b.crossEntropy(
                s.floats(1, 3, 4),
                s.floats(1, 3),
                s.floats(1, 3),
                s.floats(1, 3),
                Optional.empty()));
    calls.put("mean out", (b, s) -> b.mean(s.floats(2, 3), s.floats(1, 1)));
    calls.put(
        "meanScored target", (b, s) -> b.meanScored(s.floats(2, 3), s.ints(2, 2), s.floats(2)));
    calls.put("clipGradient maxNorm", (b, s) -> b.clipGradient(s.floats(1, 3), 0, s.floats(1)));
    calls.put("advance step", (b, s) -> b.advance(s.floats(1), s.ints(1)));
    calls.put("advance stoppedAt", (b, s) -> b.advance(s.ints(2), s.ints(1)));
    calls.put(
        "learningRate base",
        (b, s) -> b.learningRate(new LearningRate(0, 0, 1), s.ints(2), s.floats(1), s.floats(2)));
    calls.put(
        "adam step",
        (b, s) ->
            b.adam(moments(s, 5, s.floats(1), s.ints(1)), new AdamOptions(0.9, 0.999, 1e-8, 0)));
    calls.put(
        "adam gradient",
        (b, s) ->
            b.adam(moments(s, 4, s.ints(1), s.ints(1)), new AdamOptions(0.9, 0.999, 1e-8, 0)));
    calls.put(
        "adam stoppedAt",
        (b, s) ->
            b.adam(moments(s, 5, s.ints(1), s.floats(1)), new AdamOptions(0.9, 0.999, 1e-8, 0)));
    calls.put("sgd gradient", (b, s) -> b.sgd(moments(s, 4, s.ints(1), s.ints(1)), 0));
    calls.put("sgd stoppedAt", (b, s) -> b.sgd(moments(s, 5, s.ints(1), s.floats(1)), 0));
    calls.put("watch stoppedAt", (b, s) -> b.watch(s.floats(1), s.ints(1), s.floats(1)));
    calls.put("sampleLinearRegression y", (b, s) -> b.sampleLinearRegression(regression(s)));
    calls.put(
        "sampleRecall pairs", (b, s) -> b.sampleRecall(recall(s, 2, RecallDraw.Placement.EXACTLY)));
    calls.put(
        "sampleRecall tokens",
        (b, s) -> b.sampleRecall(recall(s, 3, RecallDraw.Placement.BINOMIAL)));
  }

  private static Moments moments(Scope s, int gradient, Tensor step, Tensor stoppedAt) {
    return new Moments(
        s.floats(1, 5),
        s.floats(1, gradient),
        s.floats(1, 5),
        s.floats(1, 5),
        s.floats(1),
        step,
        stoppedAt);
  }

  private static LinearRegressionDraw regression(Scope s) {
    return new LinearRegressionDraw(
        s.ints(1, 2),
        s.ints(1),
        s.floats(1),
        s.ints(1),
        s.ints(1),
        s.floats(1, 3, 3),
        s.floats(1, 3),
        s.ints(1, 5),
        LinearRegressionDraw.Positions.LAST,
        true,
        s.floats(1, 2, 5, 4),
        s.floats(1, 2, 4),
        s.ints(1, 2, 5));
  }

  /** Three pairs. */
  private static RecallDraw recall(Scope s, int tokens, RecallDraw.Placement placement) {
    return new RecallDraw(
        s.ints(1, 2),
        s.ints(1),
        s.floats(1),
        s.ints(1),
        s.ints(1),
        s.ints(1, 2),
        tokens,
        placement,
        s.ints(1, 2, 7),
        s.ints(1, 2),
        s.ints(1, 2, 7),
        s.ints(1, 2),
        s.ints(1, 2, 7));
  }

  private static FastWeights fastWeights(Scope s, int stride, int out) {
    Tensor x = s.floats(1, 2, 3, 6);
    return new FastWeights(
        x,
        x,
        x,
        Optional.empty(),
        s.floats(1, 2, 3, out),
        new FastWeights.Shape(2, 3, 2, 3, stride, 0),
        FastWeights.Feature.NONE,
        false,
        1);
  }
}
