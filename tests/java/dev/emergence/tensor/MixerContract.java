package dev.emergence.tensor;

import dev.emergence.tensor.FastWeights.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Token mixers other than attention, their gradients, and rotary positions. */
public interface MixerContract extends BackendUnderTest {

  /** Weights over tokens: sizes around vectors, tiles and groups. */
  record Mix(int replicas, int batch, int length, int rows, int columns, int groups, int channels) {
    static List<Mix> all() {
      return List.of(
          new Mix(1, 1, 1, 1, 1, 1, 1),
          new Mix(2, 3, 5, 1, 1, 1, 7),
          new Mix(1, 2, 7, 3, 1, 1, 16),
          new Mix(3, 2, 4, 1, 2, 2, 8),
          new Mix(1, 5, 17, 1, 1, 3, 5),
          new Mix(2, 19, 9, 1, 1, 33, 1),
          new Mix(1, 70, 3, 4, 1, 1, 33),
          new Mix(2, 3, 16, 1, 3, 1, 32),
          new Mix(1, 2, 33, 2, 1, 4, 16),
          new Mix(1, 40, 6, 1, 1, 2, 64),
          new Mix(1, 1, 65, 1, 1, 1, 100));
    }

    TokenMix on(Bench bench) {
      return new TokenMix(
          length,
          bench.normal("weight", replicas, groups, rows * length, columns * length),
          bench.normal("x", replicas, batch, columns * length, groups * channels),
          bench.output("y", replicas, batch, rows * length, groups * channels));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.MixerContract$Mix#all")
  default void weights_over_tokens_and_their_gradients_follow_the_definition(Mix c) {
    double terms = Math.max(c.batch() * c.channels(), c.rows() * c.length() + c.columns());
    Bench.agree(
        backend(),
        rounding() * (1 + Math.sqrt(terms) / 4),
        bench -> {
          TokenMix m = c.on(bench);
          Tensor dY = bench.normal("dY", dims(m.y()));
          Tensor dX = bench.output("dX", dims(m.x()));
          Tensor sum = bench.normal("sum", dims(m.x()));
          Tensor dWeight = bench.output("dWeight", dims(m.weight()));
          Tensor again = bench.output("again", dims(m.weight()));
          bench.run(
              () -> {
                bench.backend().mixTokens(m);
                bench.backend().mixTokensBackward(new TokenMix.Gradient(m, dY, dX, false, dWeight));
                bench.backend().mixTokensBackward(new TokenMix.Gradient(m, dY, sum, true, again));
              });
        });
  }

  private static long[] dims(Tensor t) {
    return t.shape();
  }

  /** Scans over a matrix a head: sizes around vectors and chunks. */
  record Fast(
      int replicas, int batch, int length, int heads, int headDim, int gap, Feature feature) {
    static List<Fast> all() {
      List<Fast> cases = new ArrayList<>();
      for (Feature feature : Feature.values()) {
        cases.add(new Fast(1, 1, 1, 1, 1, 0, feature));
        cases.add(new Fast(2, 3, 5, 2, 3, 0, feature));
        cases.add(new Fast(1, 2, 17, 3, 8, 5, feature));
        cases.add(new Fast(3, 1, 33, 1, 16, 0, feature));
        cases.add(new Fast(1, 2, 31, 2, 17, 1, feature));
        cases.add(new Fast(1, 1, 65, 4, 4, 0, feature));
        cases.add(new Fast(1, 1, 9, 2, 64, 0, feature));
      }
      cases.add(new Fast(1, 1, 1100, 1, 5, 0, Feature.UNIT));
      cases.add(new Fast(1, 1, 4, 1, 128, 3, Feature.UNIT));
      return cases;
    }

    FastWeights on(Bench bench, boolean gated, boolean normalised) {
      int inner = heads * headDim;
      int row = 3 * inner + gap;
      Tensor qkv = bench.normal("qkv", replicas, batch, length, row);
      int gateRow = 2 * heads + gap;
      Optional<Tensor> gates =
          gated
              ? Optional.of(bench.normal("gates", replicas, batch, length, gateRow))
              : Optional.empty();
      return new FastWeights(
          from(qkv, 0),
          from(qkv, inner),
          from(qkv, 2 * inner),
          gates,
          bench.output("out", replicas, batch, length, inner),
          new FastWeights.Shape(batch, length, heads, headDim, row, gateRow),
          feature,
          normalised,
          normalised ? 1 : 0.75);
    }

    FastWeights.Gradient gradient(Bench bench, FastWeights f) {
      int inner = heads * headDim;
      // Gaps between tokens are nobody's output.
      Tensor d = bench.normal("dQkv", replicas, batch, length, 3 * inner + gap);
      return new FastWeights.Gradient(
          f,
          bench.normal("dOut", replicas, batch, length, inner),
          from(d, 0),
          from(d, inner),
          from(d, 2 * inner),
          f.gates().map(g -> bench.normal("dGates", g.shape())));
    }

    private static Tensor from(Tensor whole, int start) {
      return whole.part(start, whole.perReplica() - start);
    }
  }

  private void follow(Fast c, boolean gated, boolean normalised, double slack) {
    // A state is a sum over tokens of products of features; three such sums follow each other.
    double terms = Math.sqrt(c.length()) * (1 + Math.sqrt(c.headDim()) / 4);
    Bench.agree(
        backend(),
        rounding() * slack * (2 + terms),
        bench -> {
          FastWeights f = c.on(bench, gated, normalised);
          FastWeights.Gradient g = c.gradient(bench, f);
          bench.run(
              () -> {
                bench.backend().fastWeights(f);
                bench.backend().fastWeightsBackward(g);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.MixerContract$Fast#all")
  default void linear_attention_and_its_gradients_follow_the_definition(Fast c) {
    follow(c, false, false, 1);
    if (c.feature() == Feature.ELU) {
      follow(c, false, true, 4);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.MixerContract$Fast#all")
  default void the_gated_delta_rule_and_its_gradients_follow_the_definition(Fast c) {
    if (c.feature() == Feature.UNIT) { // keys of any length let the matrix grow without bound
      follow(c, true, false, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#sequences")
  default void a_recurrence_of_channels_and_its_gradients_follow_the_definition(Cases.Sequences s) {
    for (boolean gated : new boolean[] {false, true}) {
      Bench.agree(
          backend(),
          rounding() * (2 + Math.sqrt(s.length())),
          bench -> {
            int row = (gated ? 3 : 1) * s.width() + 2;
            long[] rows = {s.replicas(), s.batch(), s.length(), row};
            long[] states = {s.replicas(), s.batch(), s.length(), s.width()};
            Tensor fused = bench.normal("fused", rows);
            Tensor gradient = bench.normal("gradient", rows);
            DiagonalScan scan =
                new DiagonalScan(
                    fused,
                    gated ? Optional.of(Fast.from(fused, s.width())) : Optional.empty(),
                    bench.normal("decay", 2.0, s.replicas(), s.width()),
                    bench.output("h", states),
                    row);
            DiagonalScan.Gradient g =
                new DiagonalScan.Gradient(
                    scan,
                    bench.normal("dH", states),
                    gradient,
                    gated ? Optional.of(Fast.from(gradient, s.width())) : Optional.empty(),
                    bench.output("dDecay", s.replicas(), s.batch(), s.width()));
            bench.run(
                () -> {
                  bench.backend().diagonalScan(scan);
                  bench.backend().diagonalScanBackward(g);
                });
          });
    }
  }

  @Test
  default void a_recurrence_keeps_its_digits_where_it_hardly_forgets() {
    // 1 - a = 2e-8 is no float32 number beside 1; sqrt(1 - a²) must have all its digits.
    Bench.agree(
        backend(),
        rounding(),
        bench -> {
          DiagonalScan scan =
              new DiagonalScan(
                  bench.values("u", new double[] {1.5, 0, 0}, 1, 1, 1, 3),
                  Optional.empty(),
                  bench.values("decay", new double[] {17.75, -20, 30}, 1, 3),
                  bench.output("h", 1, 1, 1, 3),
                  3);
          bench.run(() -> bench.backend().diagonalScan(scan));
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#sequences")
  default void rotations_turn_the_heads_of_every_token_and_back(Cases.Sequences s) {
    for (int heads : new int[] {1, 3}) {
      Bench.agree(
          backend(),
          rounding(),
          bench -> {
            int headDim = s.width() + s.width() % 2;
            int row = heads * headDim + 3;
            long[] shape = {s.replicas(), s.batch(), s.length(), row};
            Tensor table = bench.normal("table", s.replicas(), s.length(), headDim);
            Tensor x = bench.normal("x", shape);
            Tensor y = bench.normal("y", shape);
            bench.run(
                () -> {
                  bench.backend().rotate(new Rotation(x, table, s.batch(), heads, row), false);
                  bench.backend().rotate(new Rotation(y, table, s.batch(), heads, row), true);
                });
          });
    }
  }
}
