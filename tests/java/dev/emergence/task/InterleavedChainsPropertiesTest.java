package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.InterleavedChains;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Interleaved chains: one lag for a sequence, one matrix for a run. */
class InterleavedChainsPropertiesTest {
  @Provide
  static Arbitrary<InterleavedChains> chains() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 6),
            Arbitraries.integers().between(2, 20),
            Arbitraries.integers().between(1, 8),
            Arbitraries.doubles().between(0.01, 3))
        .as(InterleavedChains::new)
        .filter(s -> s.lags() < s.sequenceLength());
  }

  private static InterleavedChainsSequences task(InterleavedChains spec, int seed) {
    return InterleavedChainsSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static Sampled drawn(InterleavedChains spec, int seed, int count) {
    return Sampled.of(task(spec, seed), spec.predicts(), seed, 2, count);
  }

  /** The lag that the attention of a sequence tells. */
  private static int lag(Sampled drawn, int n) {
    int[] entry = drawn.attention()[0][n][0];
    return entry[0] + 1 - entry[1];
  }

  @Property(tries = 200)
  void all_queries_of_a_sequence_attend_at_the_same_lag(
      @ForAll("chains") InterleavedChains spec, @ForAll int seed) {
    Sampled drawn = drawn(spec, seed, 6);
    for (int n = 0; n < 6; n++) {
      int lag = lag(drawn, n);
      assertThat(lag).isBetween(1, spec.lags());
      int[] x = drawn.tokens()[n];
      int[][] entries = drawn.attention()[0][n];
      assertThat(entries).hasNumberOfRows(spec.sequenceLength() - spec.lags());
      for (int i = 0; i < entries.length; i++) {
        int query = spec.lags() - 1 + i;
        assertThat(entries[i]).containsExactly(query, query + 1 - lag);
        assertThat(drawn.targets()[n][i]).isEqualTo(x[query + 1]);
      }
    }
  }

  @Example
  void lags_are_equally_likely_and_symbols_follow_the_matrix() {
    InterleavedChains spec = new InterleavedChains(3, 30, 4, 1);
    InterleavedChainsSequences task = task(spec, 3);
    int count = 6000;
    Sampled drawn = drawn(spec, 3, count);
    long[] lags = new long[4];
    long[] first = new long[3];
    long[][] follows = new long[3][3];
    for (int n = 0; n < count; n++) {
      int lag = lag(drawn, n);
      lags[lag - 1]++;
      int[] x = drawn.tokens()[n];
      first[x[lag - 1]]++;
      for (int p = lag; p < 30; p++) {
        follows[x[p - lag]][x[p]]++;
      }
    }
    Chance.assertUniform("lags", lags);
    Chance.assertUniform("symbols before the first lag", first);
    for (int i = 0; i < 3; i++) {
      double[] row = {task.probability(i, 0), task.probability(i, 1), task.probability(i, 2)};
      assertThat(DoubleStream.of(row).sum()).isCloseTo(1, within(1e-12));
      Chance.assertCounts("what follows symbol " + i, follows[i], row);
    }
  }

  /** Mean 1/K, and mean square (a + 1) / (K (K a + 1)). */
  @Property(tries = 12)
  void rows_are_drawn_from_a_dirichlet_distribution(
      @ForAll @DoubleRange(min = 0.05, max = 5) double a) {
    int k = 4;
    int rounds = 3000;
    double mean = 0;
    double square = 0;
    double product = 0;
    for (int seed = 0; seed < rounds; seed++) {
      double[] row =
          TransitionMatrix.draw(k, a, RandomStream.of(seed, Purpose.TASK).lane(0, 0, 0))[2];
      mean += row[1] / rounds;
      square += row[1] * row[1] / rounds;
      product += row[1] * row[3] / rounds;
    }
    assertThat(mean).isCloseTo(1.0 / k, within(0.03));
    assertThat(square).isCloseTo((a + 1) / (k * (k * a + 1)), within(0.03));
    assertThat(product).isCloseTo(a / (k * (k * a + 1)), within(0.01));
  }

  @Example
  void the_smallest_concentrations_give_probabilities() {
    for (int seed = 0; seed < 500; seed++) {
      for (double[] row :
          TransitionMatrix.draw(2, 0.01, RandomStream.of(seed, Purpose.TASK).lane(0, 0, 0))) {
        assertThat(row[0]).isBetween(0.0, 1.0);
        assertThat(row[0] + row[1]).isCloseTo(1, within(1e-12));
      }
    }
  }

  @Property(tries = 50)
  void frequencies_in_the_long_run_stay_as_they_are(
      @ForAll @DoubleRange(min = 0.1, max = 5) double a, @ForAll int seed) {
    double[][] rows =
        TransitionMatrix.draw(5, a, RandomStream.of(seed, Purpose.TASK).lane(0, 0, 0));
    double[] often = TransitionMatrix.stationary(rows);
    assertThat(Arrays.stream(often).sum()).isCloseTo(1, within(1e-9));
    for (int j = 0; j < 5; j++) {
      double next = 0;
      for (int i = 0; i < 5; i++) {
        next += often[i] * rows[i][j];
      }
      assertThat(next).isCloseTo(often[j], within(1e-6));
    }
  }

  /** By sums of logarithms over whole sequences, lag by lag, on other sequences. */
  @Example
  void the_levels_are_what_their_strategies_score_on_drawn_sequences() {
    InterleavedChains spec = new InterleavedChains(3, 20, 3, 0.4);
    InterleavedChainsSequences task = task(spec, 5);
    int count = 4000;
    Sampled drawn = drawn(spec, 5, count);
    double oracle = 0;
    double any = 0;
    double hits = 0;
    for (int n = 0; n < count; n++) {
      int[] x = drawn.tokens()[n];
      for (int p = 3; p < 20; p++) {
        double[] joint = new double[3];
        double[] even = new double[3];
        for (int s = 0; s < 3; s++) {
          for (int lag = 1; lag <= 3; lag++) {
            joint[s] += Math.exp(likelihood(task, x, p, lag)) * task.probability(x[p - lag], s);
            even[s] += task.probability(x[p - lag], s) / 3;
          }
        }
        oracle -= Math.log(joint[x[p]] / DoubleStream.of(joint).sum()) / (17.0 * count);
        any -= Math.log(even[x[p]]) / (17.0 * count);
        hits += joint[x[p]] == DoubleStream.of(joint).max().orElseThrow() ? 1 / (17.0 * count) : 0;
      }
    }
    assertThat(level(task, "oracle", "loss")).isCloseTo(oracle, within(0.02));
    assertThat(level(task, "oracle", "accuracy")).isCloseTo(hits, within(0.02));
    assertThat(level(task, "any_lag", "loss")).isCloseTo(any, within(0.02));
    assertThat(any).isGreaterThan(oracle + 0.1);
  }

  private static double likelihood(InterleavedChainsSequences task, int[] x, int before, int lag) {
    double sum = 0;
    for (int p = 0; p < before; p++) {
      sum += p < lag ? -Math.log(3) : Math.log(task.probability(x[p - lag], x[p]));
    }
    return sum;
  }

  /** With one lag it is a Markov chain, and the oracle's loss its entropy rate. */
  @Example
  void one_lag_is_a_markov_chain() {
    InterleavedChains spec = new InterleavedChains(4, 400, 1, 1);
    InterleavedChainsSequences task = task(spec, 5);
    double[][] rows = new double[4][4];
    double rate = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        rows[i][j] = task.probability(i, j);
      }
    }
    double[] often = TransitionMatrix.stationary(rows);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        rate -= often[i] * rows[i][j] * Math.log(rows[i][j]);
      }
    }
    assertThat(level(task, "oracle", "loss")).isCloseTo(rate, within(5e-3));
    assertThat(level(task, "any_lag", "loss")).isCloseTo(rate, within(5e-3));
  }

  private static double level(SequenceTask task, String name, String metric) {
    return task.levels("test").stream()
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
