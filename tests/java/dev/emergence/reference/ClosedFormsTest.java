package dev.emergence.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Bias;
import dev.emergence.tensor.LearningRate;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Rotation;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The reference against numbers worked out by hand. */
class ClosedFormsTest {
  private final Backend backend = new ReferenceBackend();
  private final Scope scope = new Scope(backend);

  @AfterEach
  void freeMemory() {
    scope.close();
  }

  private Tensor of(double[] values, long... shape) {
    Tensor t = scope.floats(shape);
    backend.write(t, values);
    return t;
  }

  private Tensor of(int[] values, long... shape) {
    Tensor t = scope.ints(shape);
    backend.write(t, values);
    return t;
  }

  private void is(Tensor t, double... want) {
    assertThat(backend.doubles(t)).containsExactly(want, within(1e-12));
  }

  @Test
  void gemm_in_all_transpositions() {
    Tensor a = of(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
    Tensor aT = of(new double[] {1, 4, 2, 5, 3, 6}, 1, 3, 2);
    Tensor b = of(new double[] {7, 8, 9, 10, 11, 12}, 1, 3, 2);
    Tensor bT = of(new double[] {7, 9, 11, 8, 10, 12}, 1, 2, 3);
    Tensor c = of(new double[] {Double.NaN, 0, 0, 0}, 1, 2, 2);
    backend.gemm(false, false, a, b, 0, c);
    is(c, 58, 64, 139, 154);
    backend.gemm(true, false, aT, b, 1, c);
    is(c, 116, 128, 278, 308);
    backend.gemm(false, true, a, bT, -1, c);
    is(c, -58, -64, -139, -154);
    backend.gemm(true, true, aT, bT, 0, c);
    is(c, 58, 64, 139, 154);
  }

  @Test
  void gelu_is_x_times_the_normal_distribution() {
    Tensor z = of(new double[] {1, -2, 0.25}, 1, 1, 3);
    Tensor bias = of(new double[] {0, 0, -0.25}, 1, 3);
    Tensor out = scope.floats(1, 1, 3);
    backend.biasActivation(z, bias, Activation.GELU, out);
    is(out, 0.841344746068543, -0.0455002638963584, 0);
    is(z, 1.083315470587687, -0.085231801078196925, 0.5);
    Tensor y = of(new double[] {1, -2, 0.25}, 1, 1, 3);
    backend.biasActivation(y, bias, Activation.RELU, out);
    is(out, 1, 0, 0);
    is(y, 1, 0, 0);
  }

  @Test
  void layer_norm_of_three_numbers() {
    Tensor x = of(new double[] {1, 2, 6}, 1, 1, 3);
    Tensor out = scope.floats(1, 1, 3);
    Tensor mean = scope.floats(1, 1);
    Tensor rstd = scope.floats(1, 1);
    Tensor gamma = of(new double[] {1, 2, -1}, 1, 3);
    Tensor beta = of(new double[] {0, 10, 20}, 1, 3);
    backend.layerNorm(x, gamma, beta, out, mean, Optional.of(rstd));
    double scale = 1 / Math.sqrt(14.0 / 3 + 1e-5);
    is(mean, 3);
    is(rstd, scale);
    is(out, -2 * scale, 10 - 2 * scale, 20 - 3 * scale);
    backend.layerNorm(x, gamma, beta, out, mean, Optional.empty());
    is(mean, 3);
    is(out, -2, 8, 17);
  }

  @Test
  void attention_of_two_keys_is_a_logistic_function() {
    Tensor q = of(new double[] {0.5}, 1, 1);
    Tensor k = of(new double[] {3, -1}, 1, 2);
    Tensor v = of(new double[] {10, 20}, 1, 2);
    Tensor out = scope.floats(1, 1);
    Tensor lse = scope.floats(1, 1);
    Tensor bias = of(new double[] {-0.5, 1}, 1, 1, 2);
    Attention.Shape shape = new Attention.Shape(1, 1, 1, 2, 1, true, 1, 1, 1);
    Attention a = new Attention(q, k, v, Optional.of(bias), out, lse, shape, 2);
    backend.attention(a);
    // Scores 2 · 0.5 · 3 - 0.5 = 2.5 and 2 · 0.5 · (-1) + 1 = 0.
    double p = 1 / (1 + Math.exp(-2.5));
    is(out, 10 * p + 20 * (1 - p));
    is(lse, Math.log(Math.exp(2.5) + 1));
    Tensor probabilities = scope.floats(1, 1, 1, 1, 2);
    backend.attentionProbabilities(a, probabilities);
    is(probabilities, p, 1 - p);
    Tensor statistic = scope.floats(1, 1, 1, 2);
    Tensor queries = of(new int[] {0, -1}, 1, 1, 2);
    Parents second = new Parents("parents", queries, of(new int[] {1, -1, 0, 0}, 1, 1, 2, 2));
    backend.attentionMass(a, second, statistic);
    is(statistic, 1 - p, 0);
    backend.attentionEntropy(a, queries, statistic);
    is(statistic, -p * Math.log(p) - (1 - p) * Math.log(1 - p), 0);
    // A listed bias of 1.5 on key 1: scores 2.5 and 1.5.
    Attention biased = a.with(List.of(new Bias(second, of(new double[] {1.5}, 1))));
    backend.attention(biased);
    is(lse, Math.log(Math.exp(2.5) + Math.exp(1.5)));
    // Weights 1 and 1/2 on values 10 and 20, then nothing.
    backend.attentionOverride(a, of(new double[] {1, 0.5}, 1, 1, 1, 1, 2), of(new int[] {1}, 1, 1));
    is(out, 20);
    backend.attentionOverride(a, probabilities, of(new int[] {2}, 1, 1));
    is(out, 0);
  }

  @Test
  void entropies_and_listed_biases_belong_to_their_sequence_head_and_query() {
    // Two sequences of two heads of one number; the only query stands at position 4 of 5.
    Tensor q = of(new double[] {1, 2, 3, 4}, 1, 2, 1, 2);
    Tensor k =
        of(new double[] {1, 1, 0, 1, 2, 0, 1, 2, 0, 0, 1, 1, 2, 1, 0, 2, 1, 0, 3, 1}, 1, 2, 5, 2);
    Tensor out = scope.floats(1, 2, 1, 2);
    Tensor lse = scope.floats(1, 2, 2, 1);
    Attention a =
        new Attention(
            q,
            k,
            k,
            Optional.empty(),
            out,
            lse,
            new Attention.Shape(2, 2, 1, 5, 1, true, 2, 2, 2),
            1);
    // The first sequence lists position 1 with key 3 and position 4 with key 2, twice; the second
    // position 4 with keys 0 and 1.
    Tensor queries = of(new int[] {1, 4, 4, -1}, 1, 2, 2);
    Tensor keys = of(new int[] {3, -1, 2, 2, 0, 1, 0, 0}, 1, 2, 2, 2);
    Bias bias =
        new Bias(
            new Parents("parents", queries, keys),
            of(new double[] {0.5}, 1),
            Optional.of(of(new int[] {0, 1}, 1, 2)),
            4);
    backend.attention(a);
    Tensor entropy = scope.floats(1, 2, 2, 2);
    backend.attentionEntropy(a, of(new int[] {0, -1}, 1, 1, 2), entropy);
    double[][] plain = {{1, 0, 2, 1, 0}, {2, 2, 0, 4, 0}, {3, 6, 0, 3, 9}, {4, 4, 8, 0, 4}};
    double[] each = new double[8]; // of the first entry; the second one names no query
    for (int i = 0; i < plain.length; i++) {
      double total = Arrays.stream(plain[i]).map(Math::exp).sum();
      double mean = Arrays.stream(plain[i]).map(x -> x * Math.exp(x) / total).sum();
      each[2 * i] = Math.log(total) - mean;
    }
    is(entropy, each);
    backend.attention(a.with(List.of(bias)));
    double[][] scores = {
      {1, 0, 2, 1, 0}, {2, 2, 0 + 1, 4, 0}, {3, 6, 0, 3, 9}, {4.5, 4.5, 8, 0, 4}
    };
    double[] want = new double[4];
    for (int i = 0; i < want.length; i++) {
      want[i] = Math.log(Arrays.stream(scores[i]).map(Math::exp).sum());
    }
    is(lse, want);
  }

  @Test
  void a_causal_query_without_keys_gives_zero() {
    Tensor x = of(new double[] {1, 2, 3}, 1, 3);
    Tensor key = of(new double[] {5}, 1, 1);
    Tensor out = scope.floats(1, 3);
    Tensor lse = scope.floats(1, 3);
    Attention a =
        new Attention(
            x,
            key,
            key,
            Optional.empty(),
            out,
            lse,
            new Attention.Shape(1, 1, 3, 1, 1, true, 1, 1, 1),
            1);
    backend.attention(a);
    is(out, 0, 0, 5);
    assertThat(backend.doubles(lse))
        .containsExactly(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 15);
    Tensor dOut = of(new double[] {1, 1, 1}, 1, 3);
    Tensor dQ = of(new double[] {9, 9, 9}, 1, 3);
    Tensor dKey = of(new double[] {9}, 1, 1);
    Tensor dValue = of(new double[] {9}, 1, 1);
    backend.attentionBackward(
        new Attention.Gradient(a, dOut, dQ, dKey, dValue, scope.floats(1, 3)));
    is(dQ, 0, 0, 0);
    is(dKey, 0);
    is(dValue, 1);
  }

  @Test
  void rotations_turn_each_pair_of_each_head_by_the_angle_of_its_token() {
    int batch = 2;
    int length = 3;
    int heads = 2;
    int half = 2;
    int stride = heads * 2 * half + 1; // one number between tokens that stays as it is
    double[] x = new double[2 * batch * length * stride];
    Arrays.setAll(x, i -> 1 + i);
    double[] table = new double[2 * length * 2 * half];
    double[] want = x.clone();
    for (int r = 0; r < 2; r++) {
      for (int t = 0; t < length; t++) {
        for (int i = 0; i < half; i++) {
          double angle = 0.1 + r + 0.3 * t + 0.05 * i;
          table[(r * length + t) * 2 * half + i] = Math.cos(angle);
          table[(r * length + t) * 2 * half + half + i] = Math.sin(angle);
          for (int head = 0; head < batch * heads; head++) {
            int token = (r * batch + head / heads) * length + t;
            int first = token * stride + head % heads * 2 * half + i;
            double radius = Math.hypot(x[first], x[first + half]);
            double turned = Math.atan2(x[first + half], x[first]) + angle;
            want[first] = radius * Math.cos(turned);
            want[first + half] = radius * Math.sin(turned);
          }
        }
      }
    }
    Tensor rotated = of(x, 2, batch, length, stride);
    Rotation rotation = new Rotation(rotated, of(table, 2, length, 4), batch, heads, stride);
    backend.rotate(rotation, false);
    is(rotated, want);
    backend.rotate(rotation, true);
    is(rotated, x);
  }

  @Test
  void losses_of_one_sample() {
    Tensor loss = scope.floats(1, 1);
    backend.squaredError(
        of(new double[] {1, 2}, 1, 1, 2),
        of(new double[] {4, -2}, 1, 1, 2),
        loss,
        Optional.empty());
    is(loss, 12.5);
    Tensor correct = scope.floats(1, 1);
    Tensor gradient = scope.floats(1, 1, 3);
    Tensor logits = of(new double[] {Math.log(2), Math.log(5), 0}, 1, 1, 3);
    backend.crossEntropy(logits, of(new int[] {0}, 1, 1), loss, correct, Optional.of(gradient));
    is(loss, Math.log(4));
    is(correct, 0);
    is(gradient, -0.75, 0.625, 0.125);
    backend.crossEntropy(logits, of(new int[] {1}, 1, 1), loss, correct, Optional.empty());
    is(correct, 1);
    backend.crossEntropy(
        of(new double[] {3, 3, 0}, 1, 1, 3),
        of(new int[] {1}, 1, 1),
        loss,
        correct,
        Optional.empty());
    is(correct, 0);
  }

  @Test
  void adams_first_step_has_the_size_of_the_learning_rate() {
    Tensor parameters = of(new double[] {1, 2}, 1, 2);
    Tensor m = scope.floats(1, 2);
    Tensor v = scope.floats(1, 2);
    Tensor step = of(new int[] {1}, 1);
    Moments moments =
        new Moments(
            parameters,
            of(new double[] {0.5, -4}, 1, 2),
            m,
            v,
            of(new double[] {0.25}, 1),
            step,
            scope.ints(1));
    backend.adam(moments, new AdamOptions(0.9, 0.999, 1, 0));
    // m_hat = g and v_hat = g², so the step is lr g / (|g| + eps).
    is(parameters, 1 - 0.25 * 0.5 / 1.5, 2 + 0.25 * 4 / 5);
    is(m, 0.05, -0.4);
    is(v, 0.00025, 0.016);
    backend.write(parameters, new double[] {8, 8});
    backend.write(m, new double[2]);
    backend.write(v, new double[2]);
    backend.adam(moments, new AdamOptions(0.9, 0.999, 0, 0.5));
    is(parameters, 8 * (1 - 0.125) - 0.25, 8 * (1 - 0.125) + 0.25);
  }

  @Test
  void sgd_gathers_momentum() {
    Tensor parameters = of(new double[] {1}, 1, 1);
    Tensor m = scope.floats(1, 1);
    Tensor gradient = of(new double[] {2}, 1, 1);
    Moments moments =
        new Moments(
            parameters, gradient, m, m, of(new double[] {0.1}, 1), scope.ints(1), scope.ints(1));
    backend.sgd(moments, 0.5);
    is(parameters, 0.8);
    backend.sgd(moments, 0.5);
    is(m, 3);
    is(parameters, 0.5);
  }

  @Test
  void learning_rate_warms_up_and_decays_by_half_a_cosine() {
    LearningRate schedule = new LearningRate(10, 110, 0.2);
    Tensor out = scope.floats(5);
    backend.learningRate(
        schedule,
        of(new int[] {3, 10, 60, 110, 999}, 5),
        of(new double[] {1, 1, 1, 1, 10}, 5),
        out);
    is(out, 0.3, 1, 0.6, 0.2, 2);
  }

  @Test
  void clipping_keeps_short_gradients() {
    Tensor gradient = of(new double[] {3, 4, 0.3, 0.4}, 2, 2);
    Tensor norm = scope.floats(2);
    backend.clipGradient(gradient, 1, norm);
    is(norm, 5, 0.5);
    is(gradient, 0.6, 0.8, 0.3, 0.4);
  }

  @Test
  void a_token_outside_the_vocabulary_is_named() {
    Tensor tokens = of(new int[] {0, 3}, 1, 1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.embed(tokens, scope.floats(1, 3, 2), scope.floats(1, 1, 2, 2)))
        .withMessageContaining("token 3 at 1");
  }

  @Test
  void freed_memory_is_refused() {
    Tensor freed;
    try (Scope brief = new Scope(backend)) {
      freed = brief.floats(1, 2);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> backend.zero(freed))
        .withMessageContaining("freed");
    assertThatIllegalStateException()
        .isThrownBy(() -> backend.free(freed.buffer()))
        .withMessageContaining("twice");
  }
}
