package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What attention means, whatever computes it: a public test kit, run for each backend. */
public abstract class AttentionProperties {
  private static final int BATCH = 2;

  /** The backend under test. */
  protected abstract Backend backend();

  /** What rounding may change, for values of size about 1. */
  protected abstract double rounding();

  /** Q, K, V of a batch of two sequences, token by token, and what attention makes of them. */
  private final class Sample {
    final Attention.Shape shape;
    final double[] q;
    final double[] k;
    final double[] v;
    final double[] dOut;
    double[] out;
    double[] dQ;
    double[] dK;
    double[] dV;

    Sample(int length, int heads, int headDim, boolean causal, long seed) {
      int token = heads * headDim;
      shape =
          new Attention.Shape(BATCH, heads, length, length, headDim, causal, token, token, token);
      Random random = new Random(seed);
      q = numbers(random);
      k = numbers(random);
      v = numbers(random);
      dOut = numbers(random);
    }

    int token() {
      return shape.heads() * shape.headDim();
    }

    private double[] numbers(Random random) {
      double[] values = new double[BATCH * shape.queries() * token()];
      Arrays.setAll(values, i -> (float) random.nextGaussian());
      return values;
    }

    Sample run() {
      try (Scope scope = new Scope(backend())) {
        Tensor out = scope.floats(1, q.length);
        Tensor rows = scope.floats(1, (long) BATCH * shape.heads() * shape.queries());
        Tensor delta = scope.floats(1, rows.size());
        float scale = (float) (1 / Math.sqrt(shape.headDim()));
        Attention a =
            new Attention(
                tensor(scope, q),
                tensor(scope, k),
                tensor(scope, v),
                Optional.empty(),
                out,
                rows,
                shape,
                scale);
        Attention.Gradient g =
            new Attention.Gradient(
                a,
                tensor(scope, dOut),
                scope.floats(1, q.length),
                scope.floats(1, q.length),
                scope.floats(1, q.length),
                delta);
        backend().attention(a);
        backend().attentionBackward(g);
        this.out = backend().doubles(out);
        this.dQ = backend().doubles(g.dQ());
        this.dK = backend().doubles(g.dK());
        this.dV = backend().doubles(g.dV());
      }
      return this;
    }

    private Tensor tensor(Scope scope, double[] values) {
      Tensor t = scope.floats(1, values.length);
      backend().write(t, values);
      return t;
    }

    /** Elements of tokens {@code from} up to {@code to} of a sequence. */
    double[] tokens(double[] values, int sequence, int from, int to) {
      int start = sequence * shape.queries() * token();
      return Arrays.copyOfRange(values, start + from * token(), start + to * token());
    }

    /** Other numbers in those tokens of a sequence. */
    void disturb(double[] values, int sequence, int from, int to, double size) {
      int start = sequence * shape.queries() * token();
      Random random = new Random(99);
      for (int i = start + from * token(); i < start + to * token(); i++) {
        values[i] = (float) (size * random.nextGaussian());
      }
    }
  }

  @Property(tries = 30, seed = "1")
  void without_a_mask_permuted_keys_and_values_change_only_rounding(
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 40) int headDim,
      @ForAll long seed) {
    Sample plain = new Sample(length, heads, headDim, false, seed).run();
    Sample permuted = new Sample(length, heads, headDim, false, seed);
    List<Integer> order = Arrays.asList(IntStream.range(0, length).boxed().toArray(Integer[]::new));
    Collections.shuffle(order, new Random(seed));
    int token = permuted.token();
    for (int b = 0; b < BATCH; b++) {
      for (int l = 0; l < length; l++) {
        System.arraycopy(
            plain.k,
            (b * length + order.get(l)) * token,
            permuted.k,
            (b * length + l) * token,
            token);
        System.arraycopy(
            plain.v,
            (b * length + order.get(l)) * token,
            permuted.v,
            (b * length + l) * token,
            token);
      }
    }
    permuted.run();
    assertThat(permuted.out).containsExactly(plain.out, within(rounding()));
    assertThat(permuted.dQ).containsExactly(plain.dQ, within(8 * rounding()));
  }

  @Property(tries = 30, seed = "2")
  void the_future_does_not_leak(
      @ForAll @IntRange(min = 2, max = 70) int length,
      @ForAll @IntRange(min = 1, max = 40) int headDim,
      @ForAll long seed) {
    int now = 1 + (int) Math.floorMod(seed, (long) length - 1);
    Sample plain = new Sample(length, 2, headDim, true, seed).run();
    Sample disturbed = new Sample(length, 2, headDim, true, seed);
    disturbed.disturb(disturbed.q, 0, now, length, 5);
    disturbed.disturb(disturbed.k, 0, now, length, 5);
    disturbed.disturb(disturbed.v, 0, now, length, 1e6);
    disturbed.run();
    assertThat(disturbed.tokens(disturbed.out, 0, 0, now))
        .containsExactly(plain.tokens(plain.out, 0, 0, now));
    assertThat(disturbed.tokens(disturbed.dQ, 0, 0, now))
        .containsExactly(plain.tokens(plain.dQ, 0, 0, now));
    assertThat(disturbed.tokens(disturbed.out, 0, now, length))
        .isNotEqualTo(plain.tokens(plain.out, 0, now, length));
  }

  @Property(tries = 30, seed = "3")
  void gradients_of_early_outputs_do_not_reach_later_keys(
      @ForAll @IntRange(min = 2, max = 70) int length,
      @ForAll @IntRange(min = 1, max = 40) int headDim,
      @ForAll long seed) {
    int now = 1 + (int) Math.floorMod(seed, (long) length - 1);
    Sample sample = new Sample(length, 2, headDim, true, seed);
    sample.disturb(sample.dOut, 0, now, length, 0);
    sample.run();
    assertThat(sample.tokens(sample.dK, 0, now, length)).containsOnly(0);
    assertThat(sample.tokens(sample.dV, 0, now, length)).containsOnly(0);
    assertThat(sample.tokens(sample.dV, 0, 0, now)).doesNotContain(0);
  }

  @Property(tries = 30, seed = "4")
  void sequences_of_a_batch_are_independent(
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 1, max = 40) int headDim,
      @ForAll boolean causal,
      @ForAll long seed) {
    Sample plain = new Sample(length, 2, headDim, causal, seed).run();
    Sample disturbed = new Sample(length, 2, headDim, causal, seed);
    disturbed.disturb(disturbed.q, 0, 0, length, 5);
    disturbed.disturb(disturbed.k, 0, 0, length, 5);
    disturbed.disturb(disturbed.v, 0, 0, length, 5);
    disturbed.disturb(disturbed.dOut, 0, 0, length, 5);
    disturbed.run();
    assertThat(disturbed.tokens(disturbed.out, 1, 0, length))
        .containsExactly(plain.tokens(plain.out, 1, 0, length));
    assertThat(disturbed.tokens(disturbed.dK, 1, 0, length))
        .containsExactly(plain.tokens(plain.dK, 1, 0, length));
    assertThat(disturbed.tokens(disturbed.out, 0, 0, length))
        .isNotEqualTo(plain.tokens(plain.out, 0, 0, length));
  }

  @Property(tries = 30, seed = "5")
  void equal_scores_average_the_values(
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 1, max = 40) int headDim,
      @ForAll boolean causal,
      @ForAll long seed) {
    Sample sample = new Sample(length, 1, headDim, causal, seed);
    // Equal keys: whatever the query, all scores are equal.
    for (int i = headDim; i < sample.k.length; i++) {
      sample.k[i] = sample.k[i % headDim];
    }
    sample.run();
    for (int i = 0; i < length; i++) {
      int seen = causal ? i + 1 : length;
      double[] average = new double[headDim];
      for (int j = 0; j < seen; j++) {
        for (int c = 0; c < headDim; c++) {
          average[c] += sample.v[j * headDim + c] / seen;
        }
      }
      assertThat(sample.tokens(sample.out, 0, i, i + 1))
          .containsExactly(average, within(rounding()));
    }
  }

  @Property(tries = 30, seed = "6")
  void huge_scores_stay_finite_and_outputs_stay_between_the_values(
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 1, max = 40) int headDim,
      @ForAll boolean causal,
      @ForAll long seed) {
    Sample sample = new Sample(length, 2, headDim, causal, seed);
    sample.disturb(sample.q, 0, 0, length, 1e4);
    sample.disturb(sample.k, 1, 0, length, 1e4);
    sample.run();
    double largest = Arrays.stream(sample.v).map(Math::abs).max().orElseThrow();
    assertThat(Arrays.stream(sample.out)).allMatch(o -> Math.abs(o) <= largest * (1 + rounding()));
    assertThat(Arrays.stream(sample.dQ)).allMatch(Double::isFinite);
    assertThat(Arrays.stream(sample.dK)).allMatch(Double::isFinite);
    assertThat(Arrays.stream(sample.dV)).allMatch(Double::isFinite);
  }
}
