package dev.emergence.reference;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.AttentionCase;
import dev.emergence.tensor.AttentionCase.Layout;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Bench;
import dev.emergence.tensor.Bias;
import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.FastWeights;
import dev.emergence.tensor.FastWeights.Feature;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenAttention;
import dev.emergence.tensor.TokenMix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradients of the reference are the derivatives of what it computes. */
class GradientsTest {
  private final Backend backend = new ReferenceBackend();
  private final Bench bench = new Bench(backend, true);

  @AfterEach
  void freeMemory() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource
  void bias_and_activation(Activation activation) {
    Tensor y = bench.normal("y", 2, 3, 4);
    Tensor z = bench.normal("z", 2, 3, 4);
    Tensor bias = bench.normal("bias", 2, 4);
    Tensor out = bench.normal("out", 2, 3, 4);
    Tensor dOut = bench.normal("dOut", 2, 3, 4);
    Tensor dZ = bench.output("dZ", 2, 3, 4);
    Tensor dBias = bench.output("dBias", 2, 4);
    Runnable forward =
        () -> {
          backend.copy(y, z);
          backend.biasActivation(z, bias, activation, out);
        };
    forward.run();
    backend.biasActivationBackward(dOut, z, dZ, dBias);
    CentralDifferences differences = new CentralDifferences(bench, out, dOut, forward);
    differences.check("y", y, dZ);
    differences.check("bias", bias, dBias);
  }

  @Test
  void layer_norm() {
    Tensor x = bench.normal("x", 2, 3, 5);
    Tensor gamma = bench.normal("gamma", 2, 5);
    Tensor beta = bench.normal("beta", 2, 5);
    Tensor out = bench.output("out", 2, 3, 5);
    Tensor mean = bench.output("mean", 2, 3);
    Tensor rstd = bench.output("rstd", 2, 3);
    Tensor dOut = bench.normal("dOut", 2, 3, 5);
    Tensor dX = bench.output("dX", 2, 3, 5);
    Tensor dGamma = bench.output("dGamma", 2, 5);
    Tensor dBeta = bench.output("dBeta", 2, 5);
    for (Optional<Tensor> scale : List.of(Optional.of(rstd), Optional.<Tensor>empty())) {
      Runnable forward = () -> backend.layerNorm(x, gamma, beta, out, mean, scale);
      forward.run();
      backend.layerNormBackward(
          new Backend.LayerNormGradient(
              dOut, x, gamma, mean, scale, dX, Optional.empty(), dGamma, dBeta));
      CentralDifferences differences = new CentralDifferences(bench, out, dOut, forward);
      differences.check("x", x, dX);
      differences.check("gamma", gamma, dGamma);
      differences.check("beta", beta, dBeta);
    }
  }

  @Test
  void scale_of_layer_norm_behind_a_product() {
    Tensor y = bench.normal("y", 2, 3, 4);
    Tensor z = bench.output("z", 2, 3, 4);
    Tensor bias = bench.normal("bias", 2, 4);
    Tensor x = bench.normal("x", 2, 3, 5);
    Tensor gamma = bench.normal("gamma", 2, 5);
    Tensor normed = bench.output("normed", 2, 3, 5);
    Tensor mean = bench.output("mean", 2, 3);
    Tensor rstd = bench.output("rstd", 2, 3);
    Tensor dOut = bench.normal("dOut", 2, 3, 4);
    Tensor dZ = bench.output("dZ", 2, 3, 4);
    Tensor dBias = bench.output("dBias", 2, 4);
    Tensor dX = bench.normal("dX", 2, 3, 5);
    Runnable forward =
        () -> {
          backend.layerNorm(x, gamma, gamma, normed, mean, Optional.of(rstd));
          backend.copy(y, z);
          backend.normScale(z, rstd, bias);
        };
    forward.run();
    backend.zero(dX);
    backend.normScaleBackward(
        new Backend.NormScaleGradient(dOut, z, bias, x, mean, rstd, dZ, dBias, dX));
    CentralDifferences differences = new CentralDifferences(bench, z, dOut, forward);
    differences.check("y", y, dZ);
    differences.check("bias", bias, dBias);
    differences.check("x", x, dX);
  }

  static List<AttentionCase> attentions() {
    return List.of(
        new AttentionCase(2, 2, 2, 4, 4, 3, false, true, Layout.APART),
        new AttentionCase(1, 2, 2, 5, 5, 2, true, false, Layout.GAPS),
        new AttentionCase(1, 1, 2, 2, 5, 3, true, true, Layout.APART),
        new AttentionCase(1, 2, 1, 5, 2, 3, true, false, Layout.APART),
        new AttentionCase(2, 1, 3, 1, 6, 4, true, false, Layout.APART));
  }

  @Test
  void attention_over_shared_tokens() {
    TokenAttention a =
        new TokenAttention(
            bench.normal("q", 2, 3, 2, 5),
            bench.normal("x", 2, 3, 7, 5),
            bench.output("p", 2, 3, 2, 7),
            bench.output("out", 2, 3, 2, 5),
            0.7);
    TokenAttention.Gradient g =
        new TokenAttention.Gradient(
            a,
            bench.normal("dOut", 2, 3, 2, 5),
            bench.output("dQ", 2, 3, 2, 5),
            bench.output("dX", 2, 3, 7, 5),
            bench.output("dS", 2, 3, 2, 7));
    Runnable forward = () -> backend.tokenAttention(a);
    forward.run();
    backend.tokenAttentionBackward(g);
    CentralDifferences differences = new CentralDifferences(bench, a.out(), g.dOut(), forward);
    differences.check("q", a.q(), g.dQ());
    differences.check("x", a.x(), g.dX());
  }

  @Test
  void weights_over_tokens() {
    TokenMix m =
        new TokenMix(
            3,
            bench.normal("weight", 2, 2, 6, 3),
            bench.normal("x", 2, 2, 3, 4),
            bench.output("y", 2, 2, 6, 4));
    Tensor dY = bench.normal("dY", 2, 2, 6, 4);
    Tensor dX = bench.output("dX", 2, 2, 3, 4);
    Tensor dWeight = bench.output("dWeight", 2, 2, 6, 3);
    Runnable forward = () -> backend.mixTokens(m);
    forward.run();
    backend.mixTokensBackward(new TokenMix.Gradient(m, dY, dX, false, dWeight));
    CentralDifferences differences = new CentralDifferences(bench, m.y(), dY, forward);
    differences.check("weight", m.weight(), dWeight);
    differences.check("x", m.x(), dX);
  }

  @ParameterizedTest
  @CsvSource({"NONE, false, false", "ELU, false, false", "ELU, false, true", "UNIT, true, false"})
  void fast_weights(Feature feature, boolean gated, boolean normalised) {
    int inner = 6;
    Tensor q = bench.normal("q", 2, 2, 4, inner);
    Tensor k = bench.normal("k", 2, 2, 4, inner);
    Tensor v = bench.normal("v", 2, 2, 4, inner);
    Optional<Tensor> gates =
        gated ? Optional.of(bench.normal("gates", 2, 2, 4, 4)) : Optional.empty();
    Tensor out = bench.output("out", 2, 2, 4, inner);
    FastWeights.Shape shape = new FastWeights.Shape(2, 4, 2, 3, inner, 4);
    FastWeights f = new FastWeights(q, k, v, gates, out, shape, feature, normalised, 0.7);
    FastWeights.Gradient g =
        new FastWeights.Gradient(
            f,
            bench.normal("dOut", 2, 2, 4, inner),
            bench.output("dQ", 2, 2, 4, inner),
            bench.output("dK", 2, 2, 4, inner),
            bench.output("dV", 2, 2, 4, inner),
            gates.map(x -> bench.output("dGates", 2, 2, 4, 4)));
    Runnable forward = () -> backend.fastWeights(f);
    forward.run();
    backend.fastWeightsBackward(g);
    CentralDifferences differences = new CentralDifferences(bench, out, g.dOut(), forward);
    differences.check("q", q, g.dQ());
    differences.check("k", k, g.dK());
    differences.check("v", v, g.dV());
    gates.ifPresent(x -> differences.check("gates", x, g.dGates().orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_recurrence_of_channels(boolean gated) {
    Tensor u = bench.normal("u", 2, 3, 4, 10);
    Optional<Tensor> gates =
        gated ? Optional.of(bench.normal("gates", 2, 3, 4, 10)) : Optional.empty();
    DiagonalScan s =
        new DiagonalScan(u, gates, bench.normal("decay", 2, 5), bench.output("h", 2, 3, 4, 5), 10);
    // Gaps between tokens are nobody's output.
    Tensor dU = bench.values("dU", new double[240], 2, 3, 4, 10);
    DiagonalScan.Gradient g =
        new DiagonalScan.Gradient(
            s,
            bench.normal("dH", 2, 3, 4, 5),
            dU,
            gates.map(x -> bench.output("dGates", 2, 3, 4, 10)),
            bench.output("dDecay", 2, 3, 5));
    Tensor dDecay = bench.output("sum", 2, 5);
    Runnable forward = () -> backend.diagonalScan(s);
    forward.run();
    backend.diagonalScanBackward(g);
    backend.biasBackward(g.dDecay(), dDecay);
    CentralDifferences differences = new CentralDifferences(bench, s.h(), g.dH(), forward);
    differences.check("u", u, dU);
    differences.check("decay", s.decay(), dDecay);
    gates.ifPresent(x -> differences.check("gates", x, g.dGates().orElseThrow()));
  }

  @ParameterizedTest
  @MethodSource("attentions")
  void attention(AttentionCase c) {
    Attention a = c.on(bench);
    Attention.Gradient g = c.gradient(bench, a);
    // Gaps between tokens are nobody's output.
    for (Tensor t : List.of(a.out(), g.dQ(), g.dK(), g.dV())) {
      backend.zero(t);
    }
    Runnable forward = () -> backend.attention(a);
    forward.run();
    backend.attentionBackward(g);
    CentralDifferences differences = new CentralDifferences(bench, a.out(), g.dOut(), forward);
    differences.check("q", a.q(), g.dQ());
    differences.check("k", a.k(), g.dK());
    differences.check("v", a.v(), g.dV());
  }

  @ParameterizedTest
  @MethodSource("attentions")
  void strengths_of_listed_biases(AttentionCase c) {
    int[] queries = new int[c.replicas() * c.queries()];
    int[] keys = new int[queries.length * 2];
    Arrays.setAll(queries, i -> i % c.queries());
    Arrays.setAll(keys, i -> i % 5 == 4 ? -1 : (i * 3 + i / 2) % c.keys());
    Parents on =
        new Parents(
            "parents",
            bench.integers("queries", queries, c.replicas(), 1, c.queries()),
            bench.integers("keys", keys, c.replicas(), 1, c.queries(), 2));
    Tensor strength = bench.normal("strength", c.replicas());
    Tensor dStrength = bench.output("dStrength", c.replicas());
    Attention a = c.on(bench).with(List.of(new Bias(on, strength)));
    Attention.Gradient g = c.gradient(bench, a);
    backend.zero(a.out());
    Runnable forward = () -> backend.attention(a);
    forward.run();
    backend.attentionBackward(g);
    backend.attentionBiasBackward(g, 0, dStrength, false);
    CentralDifferences differences = new CentralDifferences(bench, a.out(), g.dOut(), forward);
    differences.check("strength", strength, dStrength);
  }

  @Test
  void losses_averaged_over_samples() {
    Tensor prediction = bench.normal("prediction", 2, 3, 4);
    Tensor target = bench.normal("target", 2, 3, 4);
    Tensor classes = bench.below("classes", 4, 2, 3);
    Tensor loss = bench.output("loss", 2, 3);
    Tensor correct = bench.output("correct", 2, 3);
    Tensor gradient = bench.output("gradient", 2, 3, 4);
    double[] average = new double[6];
    Arrays.fill(average, 1.0 / 3);
    Tensor weights = bench.values("weights", average, 2, 3);
    backend.squaredError(prediction, target, loss, Optional.of(gradient));
    new CentralDifferences(
            bench,
            loss,
            weights,
            () -> backend.squaredError(prediction, target, loss, Optional.empty()))
        .check("prediction", prediction, gradient);
    backend.crossEntropy(prediction, classes, loss, correct, Optional.of(gradient));
    new CentralDifferences(
            bench,
            loss,
            weights,
            () -> backend.crossEntropy(prediction, classes, loss, correct, Optional.empty()))
        .check("logits", prediction, gradient);
  }

  @Test
  void the_loss_of_scored_targets_is_averaged_over_them() {
    Tensor logits = bench.normal("logits", 2, 4, 3);
    // One replica scores two rows of four, the other one.
    Tensor target = bench.integers("target", new int[] {2, -1, 0, -1, -1, -1, 1, -1}, 2, 4);
    Tensor loss = bench.output("loss", 2, 4);
    Tensor correct = bench.output("correct", 2, 4);
    Tensor gradient = bench.output("gradient", 2, 4, 3);
    Tensor mean = bench.output("mean", 2);
    Tensor one = bench.values("one", new double[] {1, 1}, 2);
    Runnable forward =
        () -> {
          backend.crossEntropy(logits, target, loss, correct, Optional.empty());
          backend.meanScored(loss, target, mean);
        };
    backend.crossEntropy(logits, target, loss, correct, Optional.of(gradient));
    new CentralDifferences(bench, mean, one, forward).check("logits", logits, gradient);
  }

  @Test
  void neighbouring_tokens() {
    Tensor x = bench.normal("x", 2, 3, 4, 2);
    Tensor taken = bench.output("taken", 2, 3, 2, 2);
    Tensor dTaken = bench.normal("dTaken", 2, 3, 2, 2);
    Tensor dX = bench.output("dX", 2, 3, 4, 2);
    backend.zero(dX);
    backend.takeTokensBackward(dTaken, 1, dX);
    new CentralDifferences(bench, taken, dTaken, () -> backend.takeTokens(x, 1, taken))
        .check("x", x, dX);
  }

  @Test
  void tokens_from_table_to_readout() {
    Tensor tokens = bench.below("tokens", 5, 2, 3, 4);
    Tensor table = bench.normal("table", 2, 5, 3);
    Tensor x = bench.output("x", 2, 3, 4, 3);
    Tensor positions = bench.normal("positions", 2, 4, 3);
    Tensor taken = bench.output("taken", 2, 3, 3);
    Tensor mean = bench.output("mean", 2, 3, 3);
    Tensor dTaken = bench.normal("dTaken", 2, 3, 3);
    Tensor dX = bench.output("dX", 2, 3, 4, 3);
    Tensor dTable = bench.output("dTable", 2, 5, 3);
    Tensor dPositions = bench.output("dPositions", 2, 4, 3);
    Runnable forward =
        () -> {
          backend.embed(tokens, table, x);
          backend.addPositions(x, positions);
          backend.takeTokens(x, 2, taken);
          backend.meanTokens(x, mean);
          backend.accumulate(mean, taken);
        };
    forward.run();
    backend.meanTokensBackward(dTaken, dX);
    backend.takeTokensBackward(dTaken, 2, dX);
    backend.addPositionsBackward(dX, dPositions);
    backend.embedBackward(tokens, dX, dTable);
    CentralDifferences differences = new CentralDifferences(bench, taken, dTaken, forward);
    differences.check("table", table, dTable);
    differences.check("positions", positions, dPositions);
  }
}
