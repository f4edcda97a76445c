package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Backend.LayerNormGradient;
import dev.emergence.tensor.Backend.NormScaleGradient;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads share out work; they do not change what comes out. */
class CpuThreadsTest {
  private static final int R = 2;
  private static final int B = 5;
  private static final int L = 130;
  private static final int H = 3;
  private static final int DH = 40;
  private static final int D = H * DH;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void any_number_of_threads_gives_the_bits_of_one(int threads) {
    List<float[]> one = results(1);
    List<float[]> several = results(threads);
    for (int i = 0; i < one.size(); i++) {
      int other = Arrays.mismatch(several.get(i), one.get(i));
      assertThat(other)
          .as("first other element of result " + i + " with " + threads + " threads")
          .isEqualTo(-1);
    }
  }

  /**
   * A block's forward and backward and an optimiser step, on enough rows for many tasks of each
   * operation.
   */
  private static List<float[]> results(int threads) {
    List<float[]> read = new ArrayList<>();
    try (Backend backend = Devices.open("cpu", threads);
        Scope scope = new Scope(backend)) {
      List<Tensor> results = new ArrayList<>();
      try (StepProgram program = backend.record(() -> block(backend, scope, results))) {
        fill(backend, results);
        program.run();
        program.run();
      }
      results.forEach(t -> read.add(backend.floats(t)));
    }
    return read;
  }

  private static void fill(Backend backend, List<Tensor> tensors) {
    Random random = new Random(5);
    for (Tensor t : tensors) {
      float[] values = new float[Math.toIntExact(t.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      backend.write(t, values);
    }
  }

  private static Tensor floats(Scope scope, List<Tensor> results, long... shape) {
    Tensor t = scope.floats(shape);
    results.add(t);
    return t;
  }

  private static void block(Backend backend, Scope scope, List<Tensor> results) {
    Tensor x = floats(scope, results, R, B, L, D);
    Tensor weights = floats(scope, results, R, 3L * D, D);
    Tensor qkv = floats(scope, results, R, B, L, 3L * D);
    Tensor out = floats(scope, results, R, B, L, D);
    Tensor dQkv = floats(scope, results, R, B, L, 3L * D);
    backend.gemm(false, true, x, weights, 0, qkv);
    Attention.Shape shape = new Attention.Shape(B, H, L, L, DH, true, 3 * D, 3 * D, D);
    Tensor lse = floats(scope, results, R, B, H, L);
    Attention a =
        new Attention(
            third(qkv, 0), third(qkv, 1), third(qkv, 2), Optional.empty(), out, lse, shape, 0.2);
    backend.attention(a);
    Tensor delta = floats(scope, results, R, B, H, L);
    backend.attentionBackward(
        new Attention.Gradient(a, out, third(dQkv, 0), third(dQkv, 1), third(dQkv, 2), delta));
    Tensor gradient = floats(scope, results, R, 3L * D, D);
    backend.gemm(true, false, dQkv, x, 0, gradient);
    Tensor bias = floats(scope, results, R, 3L * D);
    backend.biasActivation(qkv, bias, Activation.GELU, dQkv);
    backend.biasActivationBackward(dQkv, qkv, dQkv, bias);
    Tensor gamma = floats(scope, results, R, D);
    Tensor beta = floats(scope, results, R, D);
    Tensor mean = floats(scope, results, R, B, L);
    Tensor rstd = floats(scope, results, R, B, L);
    backend.layerNorm(x, gamma, beta, out, mean, Optional.of(rstd));
    backend.layerNormBackward(
        new LayerNormGradient(
            out, x, gamma, mean, Optional.of(rstd), out, Optional.empty(), gamma, beta));
    backend.normScale(qkv, rstd, bias);
    backend.normScaleBackward(
        new NormScaleGradient(dQkv, qkv, bias, x, mean, rstd, dQkv, bias, out));
    optimise(backend, scope, results, weights, gradient);
  }

  private static void optimise(
      Backend backend, Scope scope, List<Tensor> results, Tensor weights, Tensor gradient) {
    long n = weights.perReplica();
    Tensor norm = floats(scope, results, R);
    backend.clipGradient(gradient, 0.5, norm);
    Tensor m = scope.floats(R, n);
    Tensor v = scope.floats(R, n);
    Tensor rate = floats(scope, results, R);
    Tensor step = scope.ints(R);
    Tensor stoppedAt = scope.ints(R);
    backend.advance(step, stoppedAt);
    backend.adam(
        new Moments(weights.reshape(n), gradient.reshape(n), m, v, rate, step, stoppedAt),
        new AdamOptions(0.9, 0.999, 1e-8, 0));
    backend.mean(weights, norm);
  }

  private static Tensor third(Tensor qkv, int which) {
    return qkv.part((long) which * D, qkv.perReplica() - (long) which * D);
  }
}
