package dev.emergence.tensor;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What probes read off attention probabilities. */
public interface AttentionStatisticsContract extends BackendUnderTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17, 64, 65, 130})
  default void mass_and_entropy_belong_to_the_chosen_query_of_each_sequence(int keys) {
    int queries = 5;
    int batch = 6;
    Bench.agree(
        backend(),
        rounding() * (1 + Math.sqrt(keys) / 8),
        bench -> {
          Tensor p =
              bench.values(
                  "p", softmaxRows(2 * batch * 3 * queries, keys), 2, batch, 3, queries, keys);
          // -1 is a sequence without such a query.
          Tensor query =
              bench.integers("query", new int[] {0, 4, -1, 2, 1, 3, 3, -1, 0, 4, 2, 2}, 2, batch);
          Tensor marked = bench.below("marked", 2, 2, batch, keys);
          Tensor mass = bench.output("mass", 2, batch, 3);
          Tensor entropy = bench.output("entropy", 2, batch, 3);
          bench.run(
              () -> {
                bench.backend().attentionMass(p, query, marked, mass);
                bench.backend().attentionEntropy(p, query, entropy);
              });
        });
  }

  /** Rows that sum to 1; every third row has zeros, as behind a mask. */
  private static double[] softmaxRows(int rows, int keys) {
    Random random = new Random(rows * 31L + keys);
    double[] p = new double[rows * keys];
    for (int i = 0; i < rows; i++) {
      int seen = i % 3 == 0 ? Math.max(1, keys / 2) : keys;
      double[] weights = random.doubles(seen, 0, 1).toArray();
      double sum = Arrays.stream(weights).sum();
      for (int j = 0; j < seen; j++) {
        p[i * keys + j] = (float) (weights[j] / sum);
      }
    }
    return p;
  }
}
