package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.MarkovChain;
import dev.emergence.spec.MarkovChain.Stationary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Markov chains in context: their law, what a query must attend to, and what predictors reach. */
class MarkovChainPropertiesTest {
  private static final int COUNT = 6;

  private static MarkovChain chain(int symbols, int length, int order, double concentration) {
    return new MarkovChain(symbols, length, order, concentration, Stationary.ANY);
  }

  private static MarkovChain uniform(int length, double concentration) {
    return new MarkovChain(2, length, 1, concentration, Stationary.UNIFORM);
  }

  private static int[][] drawn(MarkovChain spec, int seed, int count) {
    return Sampled.of(new MarkovChainSequences(spec), spec.predicts(), seed, 0, count).tokens();
  }

  @Provide
  Arbitrary<MarkovChain> chains() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 5),
            Arbitraries.integers().between(2, 30),
            Arbitraries.integers().between(1, 3),
            Arbitraries.doubles().between(0.1, 3))
        .as(MarkovChainPropertiesTest::chain)
        .filter(s -> s.order() < s.sequenceLength());
  }

  @Property(tries = 200)
  void a_query_attends_to_what_followed_its_context_before(
      @ForAll("chains") MarkovChain spec, @ForAll int seed) {
    Sampled sampled = Sampled.of(new MarkovChainSequences(spec), spec.predicts(), seed, 3, COUNT);
    int order = spec.order();
    for (int n = 0; n < COUNT; n++) {
      int[] x = sampled.tokens()[n];
      List<int[]> wanted = new ArrayList<>();
      for (int q = order - 1; q + 1 < x.length; q++) {
        List<Integer> entry = new ArrayList<>(List.of(q));
        for (int p = order; p <= q; p++) {
          boolean same = true;
          for (int back = 1; back <= order; back++) {
            same &= x[p - back] == x[q + 1 - back];
          }
          if (same) {
            entry.add(p);
          }
        }
        wanted.add(entry.stream().mapToInt(i -> i).toArray());
        assertThat(sampled.targets()[n][q - (order - 1)]).isEqualTo(x[q + 1]);
      }
      assertThat(named(sampled.attention()[0][n])).isDeepEqualTo(wanted.toArray(int[][]::new));
      int[][] before =
          IntStream.range(1, x.length)
              .mapToObj(q -> queryAnd(q, Math.max(0, q - order)))
              .toArray(int[][]::new);
      assertThat(named(sampled.attention()[1][n])).isDeepEqualTo(before);
    }
  }

  /** Queries and keys without the places that are free. */
  private static int[][] named(int[][] entries) {
    return Arrays.stream(entries)
        .map(entry -> Arrays.stream(entry).filter(position -> position >= 0).toArray())
        .toArray(int[][]::new);
  }

  private static int[] queryAnd(int query, int first) {
    return IntStream.concat(IntStream.of(query), IntStream.range(first, query)).toArray();
  }

  /**
   * All sequences of five symbols, beside the integral over the two rows: of a row with n and m
   * followers, n! m! / (n + m + 1)!.
   */
  @Example
  void sequences_are_those_of_chains_whose_rows_are_equally_likely() {
    int count = 40_000;
    long[] counts = new long[32];
    for (int[] x : drawn(chain(2, 5, 1, 1), 3, count)) {
      counts[code(x, 2)]++;
    }
    double[] law = new double[32];
    for (int code = 0; code < 32; code++) {
      int[][] follow = new int[2][2];
      for (int p = 1; p < 5; p++) {
        follow[code >> (5 - p) & 1][code >> (4 - p) & 1]++;
      }
      law[code] = 0.5;
      for (int[] row : follow) {
        law[code] *= factorial(row[0]) * factorial(row[1]) / factorial(row[0] + row[1] + 1);
      }
    }
    assertThat(Arrays.stream(law).sum()).isCloseTo(1, within(1e-12));
    Chance.assertCounts("sequences", counts, law);
  }

  private static double factorial(int n) {
    return IntStream.rangeClosed(2, n).mapToDouble(i -> i).reduce(1, (a, b) -> a * b);
  }

  private static int code(int[] x, int symbols) {
    return Arrays.stream(x).reduce(0, (code, symbol) -> code * symbols + symbol);
  }

  /** Against chains whose matrices are drawn and followed: three symbols, two of context. */
  @Example
  void sequences_are_those_of_drawn_matrices() {
    MarkovChain spec = chain(3, 5, 2, 1);
    int count = 60_000;
    double[] law = new double[243];
    Random random = new Random(5);
    int matrices = 400_000;
    for (int i = 0; i < matrices; i++) {
      law[code(followed(spec, random), 3)] += 1.0 / matrices;
    }
    long[] counts = new long[243];
    for (int[] x : drawn(spec, 4, count)) {
      counts[code(x, 3)]++;
    }
    double chi = 0;
    for (int code = 0; code < 243; code++) {
      double expected = law[code] * count;
      chi += Math.pow(counts[code] - expected, 2) / (expected * (1 + (double) count / matrices));
    }
    // 242 degrees of freedom, a deviation of 22.
    assertThat(chi).isBetween(242 - 6 * 22.0, 242 + 6 * 22.0);
  }

  private static int[] followed(MarkovChain spec, Random random) {
    double[][] rows = new double[spec.contexts()][];
    int[] x = new int[spec.sequenceLength()];
    for (int p = 0; p < x.length; p++) {
      if (p < spec.order()) {
        x[p] = random.nextInt(spec.symbols());
        continue;
      }
      int context = code(Arrays.copyOfRange(x, p - spec.order(), p), spec.symbols());
      if (rows[context] == null) {
        rows[context] = random.doubles(spec.symbols()).map(u -> -Math.log(1 - u)).toArray();
      }
      double left = random.nextDouble() * Arrays.stream(rows[context]).sum();
      while (x[p] < spec.symbols() - 1 && (left -= rows[context][x[p]]) >= 0) {
        x[p]++;
      }
    }
    return x;
  }

  /** Symbols of a doubly stochastic chain are repeated with one probability, Beta(c, c). */
  @Example
  void symbols_of_uniform_chains_are_equally_frequent_and_repeated_alike() {
    int count = 20_000;
    long[] last = new long[2];
    long[] kept = new long[9];
    for (int[] x : drawn(uniform(9, 1), 6, count)) {
      last[x[8]]++;
      kept[(int) IntStream.range(1, 9).filter(p -> x[p] == x[p - 1]).count()]++;
    }
    Chance.assertUniform("last symbol", last);
    Chance.assertUniform("repetitions of eight", kept); // uniform where the probability is
  }

  @Example
  void small_concentrations_give_chains_that_are_almost_certain() {
    double[] losses = new double[3];
    double[] of = {0.05, 1, 50};
    for (int i = 0; i < 3; i++) {
      losses[i] = level(chain(2, 64, 1, of[i]), "oracle", "loss");
    }
    assertThat(losses[0]).isLessThan(0.2);
    assertThat(losses[1]).isBetween(0.5, 0.56);
    assertThat(losses[2]).isBetween(0.68, Math.log(2));
  }

  private static double level(MarkovChain spec, String name, String metric) {
    Optional<Level> level =
        new MarkovChainSequences(spec)
            .levels("test").stream()
                .filter(l -> l.name().equals(name) && l.metric().equals(metric))
                .findFirst();
    return level.orElseThrow().value();
  }

  /**
   * Of three symbols two are predicted: the first from nothing; the second from one follower, if
   * the first two were equal, which it is with probability 2/3 then.
   */
  @Example
  void levels_of_the_shortest_chains_are_those_by_hand() {
    double third = -Math.log(1.0 / 3) / 3 - 2 * Math.log(2.0 / 3) / 3;
    double second = (Math.log(2) + third) / 2;
    MarkovChain spec = chain(2, 3, 1, 1);
    assertThat(level(spec, "oracle", "loss")).isCloseTo((Math.log(2) + second) / 2, within(1e-3));
    assertThat(level(spec, "oracle", "accuracy"))
        .isCloseTo((0.5 + (2.0 / 3 + 0.5) / 2) / 2, within(3e-3));
    assertThat(level(spec, "blind", "loss")).isCloseTo(Math.log(2), within(1e-12));
  }

  /** Counting symbols says nothing of chains in which all are equally frequent. */
  @Example
  void counting_symbols_helps_where_they_are_not_equally_frequent() {
    MarkovChain any = chain(2, 128, 1, 1);
    assertThat(level(any, "in_context", "loss"))
        .isLessThan(0.65)
        .isGreaterThan(level(any, "oracle", "loss") + 0.05);
    MarkovChain equal = uniform(128, 1);
    assertThat(level(equal, "in_context", "loss")).isGreaterThan(Math.log(2) - 0.05);
    assertThat(level(equal, "oracle", "loss")).isBetween(0.5, 0.53);
  }

  /** A test of its own, by matrices that are drawn: what the counting of followers scores. */
  @Example
  void the_oracle_scores_on_drawn_matrices_what_its_level_says() {
    MarkovChain spec = chain(3, 40, 1, 1);
    Random random = new Random(8);
    double loss = 0;
    int rounds = 3000;
    for (int i = 0; i < rounds; i++) {
      int[] x = followed(spec, random);
      double[][] seen = new double[3][3];
      for (int p = 1; p < x.length; p++) {
        double[] row = seen[x[p - 1]];
        loss -= Math.log((row[x[p]] + 1) / (Arrays.stream(row).sum() + 3));
        row[x[p]]++;
      }
    }
    assertThat(level(spec, "oracle", "loss")).isCloseTo(loss / (rounds * 39.0), within(6e-3));
  }
}
