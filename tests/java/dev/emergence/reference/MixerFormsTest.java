package dev.emergence.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.FastWeights;
import dev.emergence.tensor.FastWeights.Feature;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenAttention;
import dev.emergence.tensor.TokenMix;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the reference mixes tokens by, against another form of each definition: sums over all
 * earlier tokens in the place of a recurrence, whole matrices in the place of rows. Several
 * replicas, sequences and heads, so that no place can be taken for another.
 */
class MixerFormsTest {
  private static final int R = 2;
  private static final int B = 3;
  private static final int L = 4;
  private static final int H = 2;

  private final Backend backend = new ReferenceBackend();
  private final Scope scope = new Scope(backend);
  private final Random random = new Random(5);

  @AfterEach
  void freeMemory() {
    scope.close();
  }

  /** A tensor with its numbers. */
  private record Numbers(Tensor tensor, double[] at) {}

  private Numbers normal(long... shape) {
    Tensor t = scope.floats(shape);
    double[] values = random.doubles(t.perReplica() * shape[0], -1.5, 1.5).toArray();
    backend.write(t, values);
    return new Numbers(t, values);
  }

  private void is(Tensor t, double[] want) {
    assertThat(backend.doubles(t)).containsExactly(want, within(1e-12));
  }

  @Test
  void a_row_of_a_token_sees_the_rows_of_its_own_token_and_of_earlier_ones() {
    int out = 3; // rows of y a token
    int in = 2; // rows of x a token
    int width = 4;
    Numbers w = normal(R, 2, L * out, L * in);
    Numbers x = normal(R, B, L * in, width);
    Tensor y = scope.floats(R, B, L * out, width);
    double[] want = new double[R * B * L * out * width];
    for (int to = 0; to < want.length; to++) {
      int channel = to % width;
      int row = to / width % (L * out);
      int sequence = to / width / (L * out);
      int group = sequence / B * 2 + channel / 2;
      for (int from = 0; from < L * in; from++) {
        if (from / in <= row / out) {
          want[to] +=
              w.at[(group * L * out + row) * L * in + from]
                  * x.at[(sequence * L * in + from) * width + channel];
        }
      }
    }
    backend.mixTokens(new TokenMix(L, w.tensor, x.tensor, y));
    is(y, want);
  }

  private static double[] feature(Feature feature, double[] x) {
    double size = 0;
    for (double v : x) {
      size += v * v;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] =
          switch (feature) {
            case NONE -> x[i];
            case ELU -> x[i] > 0 ? 1 + x[i] : Math.exp(x[i]);
            case UNIT -> x[i] / Math.sqrt(size + 1e-6);
          };
    }
    return y;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double sigmoid(double z) {
    return 0.5 * (1 + Math.tanh(z / 2));
  }

  /** The vector of a head at a token whose numbers are {@code stride} apart. */
  private static double[] vector(Numbers of, int sequence, int t, int head, int dh, int stride) {
    double[] out = new double[dh];
    System.arraycopy(of.at, (sequence * L + t) * stride + head * dh, out, 0, dh);
    return out;
  }

  @ParameterizedTest
  @CsvSource({"NONE, false", "ELU, true", "UNIT, false"})
  void linear_attention_is_a_sum_over_all_earlier_tokens(Feature feature, boolean normalised) {
    int dh = 3;
    int stride = H * dh + 1;
    Numbers q = normal(R, B, L, stride);
    Numbers k = normal(R, B, L, stride);
    Numbers v = normal(R, B, L, stride);
    Tensor out = scope.floats(R, B, L, H * dh);
    double[] want = new double[R * B * L * H * dh];
    for (int to = 0; to < want.length; to++) {
      int head = to / dh % H;
      int t = to / (H * dh) % L;
      int sequence = to / (H * dh * L);
      double[] asked = feature(feature, vector(q, sequence, t, head, dh, stride));
      double sum = 0;
      double weights = 1e-6;
      for (int s = 0; s <= t; s++) {
        double weight = dot(asked, feature(feature, vector(k, sequence, s, head, dh, stride)));
        sum += weight * vector(v, sequence, s, head, dh, stride)[to % dh];
        weights += weight;
      }
      want[to] = normalised ? sum / weights : 0.7 * sum;
    }
    FastWeights.Shape shape = new FastWeights.Shape(B, L, H, dh, stride, 0);
    backend.fastWeights(
        new FastWeights(
            q.tensor, k.tensor, v.tensor, Optional.empty(), out, shape, feature, normalised, 0.7));
    is(out, want);
  }

  @Test
  void the_gated_delta_rule_multiplies_whole_matrices() {
    int dh = 2;
    int stride = H * dh + 1;
    int gateStride = 2 * H + 3;
    Numbers q = normal(R, B, L, stride);
    Numbers k = normal(R, B, L, stride);
    Numbers v = normal(R, B, L, stride);
    Numbers gates = normal(R, B, L, gateStride);
    Tensor out = scope.floats(R, B, L, H * dh);
    double[] want = new double[R * B * L * H * dh];
    for (int head = 0; head < R * B * H; head++) {
      int sequence = head / H;
      double[][] state = new double[dh][dh];
      for (int t = 0; t < L; t++) {
        int gate = (sequence * L + t) * gateStride + head % H;
        double a = sigmoid(gates.at[gate]);
        double b = sigmoid(gates.at[gate + H]);
        double[] key = vector(k, sequence, t, head % H, dh, stride);
        double[] value = vector(v, sequence, t, head % H, dh, stride);
        double[][] next = new double[dh][dh];
        for (int i = 0; i < dh; i++) {
          for (int j = 0; j < dh; j++) {
            for (int m = 0; m < dh; m++) {
              next[i][j] += a * state[i][m] * ((m == j ? 1 : 0) - b * key[m] * key[j]);
            }
            next[i][j] += b * value[i] * key[j];
          }
        }
        state = next;
        double[] asked = vector(q, sequence, t, head % H, dh, stride);
        for (int i = 0; i < dh; i++) {
          want[((sequence * L + t) * H + head % H) * dh + i] = 0.3 * dot(state[i], asked);
        }
      }
    }
    FastWeights.Shape shape = new FastWeights.Shape(B, L, H, dh, stride, gateStride);
    backend.fastWeights(
        new FastWeights(
            q.tensor,
            k.tensor,
            v.tensor,
            Optional.of(gates.tensor),
            out,
            shape,
            Feature.NONE,
            false,
            0.3));
    is(out, want);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void a_recurrence_of_channels_is_a_sum_over_all_earlier_tokens(boolean gated) {
    int channels = 3;
    int stride = 2 * channels + 1;
    Numbers u = normal(R, B, L, stride);
    Numbers gates = normal(R, B, L, stride);
    Numbers decay = normal(R, channels);
    Tensor h = scope.floats(R, B, L, channels);
    double[] want = new double[R * B * L * channels];
    for (int to = 0; to < want.length; to++) {
      int c = to % channels;
      int t = to / channels % L;
      int sequence = to / channels / L;
      double logit = decay.at[sequence / B * channels + c];
      double kept = 1;
      for (int s = t; s >= 0; s--) {
        int token = (sequence * L + s) * stride + c;
        double a = sigmoid(logit + (gated ? gates.at[token] : 0));
        double in = gated ? sigmoid(gates.at[token + channels]) : 1;
        want[to] += kept * Math.sqrt(1 - a * a) * in * u.at[token];
        kept *= a;
      }
    }
    Optional<Tensor> some = gated ? Optional.of(gates.tensor) : Optional.empty();
    backend.diagonalScan(new DiagonalScan(u.tensor, some, decay.tensor, h, stride));
    is(h, want);
  }

  @Test
  void attention_over_shared_tokens_weighs_each_token_by_its_score() {
    int width = 3;
    Numbers q = normal(R, B, H, width);
    Numbers x = normal(R, B, L, width);
    Tensor p = scope.floats(R, B, H, L);
    Tensor out = scope.floats(R, B, H, width);
    double[] weights = new double[R * B * H * L];
    double[] want = new double[R * B * H * width];
    for (int head = 0; head < R * B * H; head++) {
      double total = 0;
      for (int pass = 0; pass < 2; pass++) {
        for (int t = 0; t < L; t++) {
          double score = 0;
          for (int i = 0; i < width; i++) {
            score += q.at[head * width + i] * x.at[(head / H * L + t) * width + i];
          }
          double weight = Math.exp(0.6 * score);
          if (pass == 0) {
            total += weight;
          } else {
            weights[head * L + t] = weight / total;
            for (int i = 0; i < width; i++) {
              want[head * width + i] += weight / total * x.at[(head / H * L + t) * width + i];
            }
          }
        }
      }
    }
    backend.tokenAttention(new TokenAttention(q.tensor, x.tensor, p, out, 0.6));
    is(p, weights);
    is(out, want);
  }
}
