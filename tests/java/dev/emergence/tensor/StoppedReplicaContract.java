package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica that has stopped stays as it is, and those beside it do not notice. */
public interface StoppedReplicaContract extends BackendUnderTest {
  int REPLICAS = 3;
  int STOPPED = 1;
  int STEPS = 3;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1027, 20011})
  default void a_stopped_replica_keeps_its_bits_whatever_its_gradient(int size) {
    for (boolean guarded : new boolean[] {false, true}) {
      Map<String, double[]> before = trained(guarded, size, 0, 5, Double.NaN);
      Map<String, double[]> after = trained(guarded, size, STEPS, 5, Double.NaN);
      before.forEach(
          (name, values) ->
              assertThat(replica(after.get(name), STOPPED))
                  .as("%s of %d, guarded %b", name, size, guarded)
                  .containsExactly(replica(values, STOPPED)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1027, 20011})
  default void replicas_beside_a_stopped_one_get_the_bits_they_would_get_anyway(int size) {
    for (boolean guarded : new boolean[] {false, true}) {
      Map<String, double[]> before = trained(guarded, size, 0, 5, Double.NaN);
      Map<String, double[]> without = trained(guarded, size, STEPS, 0, 0.25);
      Map<String, double[]> beside = trained(guarded, size, STEPS, 5, Double.NaN);
      for (int r : new int[] {0, 2}) {
        without.forEach(
            (name, values) ->
                assertThat(replica(beside.get(name), r))
                    .as("%s of %d, replica %d, guarded %b", name, size, r, guarded)
                    .containsExactly(replica(values, r))
                    .isNotEqualTo(replica(before.get(name), r)));
      }
    }
  }

  private static double[] replica(double[] values, int r) {
    int size = values.length / REPLICAS;
    return Arrays.copyOfRange(values, r * size, (r + 1) * size);
  }

  /** What there is after some steps, the middle replica's flag and gradient being given. */
  private Map<String, double[]> trained(
      boolean guarded, int size, int steps, int stoppedAt, double gradient) {
    try (Bench bench = new Bench(backend(), guarded)) {
      Tensor rate = bench.values("rate", new double[] {0.5, 0.25, 0.125}, REPLICAS);
      Tensor step = bench.integers("step", new int[] {2, 5, 9}, REPLICAS);
      Tensor g = gradient(bench, size, gradient);
      int[] flags = {0, stoppedAt, 0};
      Tensor flag = bench.integers("stoppedAt", flags, REPLICAS);
      Tensor v = bench.output("v", REPLICAS, size);
      bench.backend().zero(v);
      Moments adam =
          new Moments(
              odd(bench, "parameters", size), g, odd(bench, "m", size), v, rate, step, flag);
      Tensor velocity = odd(bench, "velocity", size);
      Moments sgd = new Moments(odd(bench, "moved", size), g, velocity, velocity, rate, step, flag);
      for (int i = 0; i < steps; i++) {
        bench.run(
            () -> {
              bench.backend().advance(step, flag);
              bench.backend().adam(adam, new AdamOptions(0.9, 0.999, 1e-8, 0.1));
              bench.backend().sgd(sgd, 0.875);
            });
      }
      Map<String, double[]> found = new LinkedHashMap<>();
      for (String name : new String[] {"parameters", "m", "v", "velocity", "moved"}) {
        found.put(name, bench.read(name));
      }
      found.put("step", Arrays.stream(backend().ints(step)).asDoubleStream().toArray());
      return found;
    }
  }

  /** Normal numbers; the middle replica has some that arithmetic would not leave as they are. */
  private static Tensor odd(Bench bench, String name, int size) {
    Tensor t = bench.normal(name, REPLICAS, size);
    double[] values = bench.read(name);
    double[] odd = {Double.NaN, -0.0, Double.POSITIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE};
    for (int i = 0; i < size; i += 2) {
      values[STOPPED * size + i] = odd[i / 2 % odd.length];
    }
    bench.backend().write(t, values);
    return t;
  }

  private static Tensor gradient(Bench bench, int size, double ofStopped) {
    Tensor t = bench.normal("gradient", 0.125, REPLICAS, size);
    double[] values = bench.read("gradient");
    Arrays.fill(values, STOPPED * size, (STOPPED + 1) * size, ofStopped);
    bench.backend().write(t, values);
    return t;
  }
}
