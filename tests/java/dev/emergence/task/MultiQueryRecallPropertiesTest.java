package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.MultiQueryRecall;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Recall with several queries: each asks for another pair, by its key alone. */
class MultiQueryRecallPropertiesTest {
  private static final int COUNT = 8;

  @Provide
  Arbitrary<MultiQueryRecall> recalls() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 9),
            Arbitraries.integers().between(1, 9),
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(2, 6))
        .as(MultiQueryRecall::new)
        .filter(r -> r.queries() <= r.pairs() && r.pairs() <= r.keys());
  }

  private static Sampled drawn(MultiQueryRecall spec, int seed, int count) {
    return Sampled.of(new MultiQueryRecallSequences(spec), spec.predicts(), seed, 2, count);
  }

  @Property(tries = 300)
  void each_query_asks_for_a_pair_of_its_own(
      @ForAll("recalls") MultiQueryRecall spec, @ForAll int seed) {
    Sampled drawn = drawn(spec, seed, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] x = drawn.tokens()[n];
      assertThat(x).hasSize(2 * spec.pairs() + spec.queries());
      Set<Integer> keys = new TreeSet<>();
      for (int i = 0; i < spec.pairs(); i++) {
        keys.add(x[2 * i]);
        assertThat(x[2 * i]).isBetween(0, spec.keys() - 1);
        assertThat(x[2 * i + 1]).isBetween(spec.keys(), spec.keys() + spec.values() - 1);
      }
      assertThat(keys).hasSize(spec.pairs());
      Set<Integer> asked = new TreeSet<>();
      for (int q = 0; q < spec.queries(); q++) {
        int at = 2 * spec.pairs() + q;
        int key = 0;
        while (x[key] != x[at]) {
          key += 2;
        }
        asked.add(key);
        assertThat(key).isLessThan(2 * spec.pairs());
        assertThat(drawn.targets()[n][q]).isEqualTo(x[key + 1] - spec.keys());
        assertThat(drawn.attention()[0][n][q]).containsExactly(at, key + 1);
        assertThat(drawn.attention()[1][n][q]).containsExactly(key + 1, key);
      }
      assertThat(asked).hasSize(spec.queries());
    }
  }

  @Example
  void keys_values_and_queries_are_uniform() {
    MultiQueryRecall spec = new MultiQueryRecall(4, 2, 6, 5);
    Sampled drawn = drawn(spec, 3, 12_000);
    long[] keys = new long[6];
    long[] values = new long[5];
    long[] pairs = new long[16];
    for (int n = 0; n < 12_000; n++) {
      keys[drawn.tokens()[n][4]]++;
      values[drawn.targets()[n][1]]++;
      int[][] parents = drawn.attention()[0][n];
      pairs[4 * (parents[0][1] / 2) + parents[1][1] / 2]++;
    }
    Chance.assertUniform("key of the third pair", keys);
    Chance.assertUniform("value of the second query", values);
    long[] different =
        IntStream.range(0, 16).filter(i -> i / 4 != i % 4).mapToLong(i -> pairs[i]).toArray();
    Chance.assertUniform("pairs that two queries ask for", different);
    assertThat(Arrays.stream(different).sum()).isEqualTo(12_000);
  }

  @Example
  void guessing_from_the_context_scores_what_its_level_says() {
    MultiQueryRecall spec = new MultiQueryRecall(6, 1, 12, 3);
    int count = 20_000;
    Sampled drawn = drawn(spec, 4, count);
    double loss = 0;
    double hits = 0;
    double most = 0;
    for (int n = 0; n < count; n++) {
      int[] counts = new int[3];
      for (int i = 0; i < 6; i++) {
        counts[drawn.tokens()[n][2 * i + 1] - 12]++;
      }
      int same = counts[drawn.targets()[n][0]];
      int largest = Arrays.stream(counts).max().orElseThrow();
      double tied = Arrays.stream(counts).filter(c -> c == largest).count();
      most += (same == largest ? 1 / tied : 0) / count;
      loss += Math.log(6.0 / same) / count;
      hits += same / 6.0 / count;
    }
    assertThat(level(spec, "in_context", "loss")).isCloseTo(loss, within(0.02));
    assertThat(level(spec, "in_context", "accuracy")).isCloseTo(hits, within(0.01));
    assertThat(level(spec, "most_frequent", "accuracy")).isCloseTo(most, within(0.01));
  }

  private static double level(MultiQueryRecall spec, String name, String metric) {
    return new MultiQueryRecallSequences(spec)
        .levels("test").stream()
            .filter(l -> l.name().equals(name) && l.metric().equals(metric))
            .findFirst()
            .orElseThrow()
            .value();
  }
}
