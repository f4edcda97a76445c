package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.CopyCount;
import dev.emergence.spec.TaskSpec.QueryPlacement;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The distribution of recall's sequences: 5 pairs of 12 tokens unless said otherwise. */
class AssociativeRecallStatisticsTest {
  private static final int SEED = 33;
  private static final int SAMPLES = 12000;
  private static final int PAIRS = 5;
  private static final int TOKENS = 12;

  private static Drawn draw(String... sets) {
    try (Lab lab = Lab.of(Configs.recall(sets), SEED)) {
      return lab.training(SAMPLES, 1);
    }
  }

  private static int query(Drawn drawn, int n) {
    return drawn.id(n, drawn.length() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void the_number_of_copies_follows_the_placement(QueryPlacement placement) {
    String name = placement.name().toLowerCase(Locale.ROOT);
    Drawn drawn = draw("task.query_placement=" + name, "repetition.in_context=2");
    long[] counts = new long[PAIRS + 1];
    for (int n = 0; n < SAMPLES; n++) {
      counts[drawn.relevant(n).length]++;
    }
    CopyCount wanted = CopyCount.of(placement, PAIRS, 2);
    if (placement == QueryPlacement.EXACTLY) {
      assertThat(counts).containsExactly(0, 0, SAMPLES, 0, 0, 0);
    } else {
      Chance.assertCounts("copies, " + name, counts, wanted.probabilities());
    }
    double mean =
        IntStream.range(0, counts.length).mapToDouble(k -> (double) k * counts[k] / SAMPLES).sum();
    double variance =
        IntStream.range(0, counts.length)
            .mapToDouble(k -> Math.pow(k - wanted.mean(), 2) * wanted.of(k))
            .sum();
    Chance.assertMean("copies, " + name, mean, SAMPLES, wanted.mean(), Math.sqrt(variance));
  }

  @Test
  void slots_of_the_query_are_uniform() {
    for (String placement : new String[] {"at_least_one", "binomial_positive", "exactly"}) {
      Drawn drawn = draw("task.query_placement=" + placement);
      long[] counts = new long[PAIRS];
      for (int n = 0; n < SAMPLES; n++) {
        int[] relevant = drawn.relevant(n);
        if (relevant.length == 1) {
          counts[relevant[0] / 2]++;
        }
      }
      Chance.assertUniform("slot, " + placement, counts);
    }
  }

  @Test
  void every_pair_of_slots_is_equally_likely_for_two_copies() {
    Drawn drawn = draw("task.query_placement=exactly", "repetition.in_context=2");
    long[] counts = new long[10];
    for (int n = 0; n < SAMPLES; n++) {
      int a = drawn.relevant(n)[0] / 2;
      int b = drawn.relevant(n)[1] / 2;
      counts[b * (b - 1) / 2 + a]++;
    }
    Chance.assertUniform("pair of slots", counts);
  }

  /** The two most frequent queries. */
  private static int[] favoured(long[] queries) {
    return IntStream.range(0, queries.length)
        .boxed()
        .sorted((a, b) -> Long.compare(queries[b], queries[a]))
        .limit(2)
        .mapToInt(i -> i)
        .toArray();
  }

  private static long[] queries(Drawn drawn) {
    long[] counts = new long[TOKENS];
    for (int n = 0; n < SAMPLES; n++) {
      counts[query(drawn, n)]++;
    }
    return counts;
  }

  @Test
  void queries_are_uniform_at_p_0_and_favoured_with_probability_p() {
    Chance.assertUniform("query", queries(draw()));
    long[] counts = queries(draw("repetition.cross_sample=0.4"));
    double[] probabilities = new double[TOKENS];
    Arrays.fill(probabilities, 0.6 / TOKENS);
    for (int token : favoured(counts)) {
      probabilities[token] += 0.2;
    }
    Chance.assertCounts("query at p = 0.4", counts, probabilities);
    assertThat(favoured(queries(draw("repetition.cross_sample=1"))))
        .containsExactlyInAnyOrder(favoured(counts));
  }

  @Test
  void favoured_tokens_are_uniform_over_seeds() {
    long[] counts = new long[TOKENS];
    for (int seed = 0; seed < 600; seed++) {
      try (Lab lab =
          Lab.of(
              Configs.recall("repetition.cross_sample=1", "repetition.repeated_tokens=1"), seed)) {
        counts[query(lab.training(1, 1), 0)]++;
      }
    }
    Chance.assertUniform("favoured token", counts);
  }

  @Test
  void targets_are_uniform_even_when_queries_are_not() {
    for (String p : new String[] {"0", "0.4", "1"}) {
      Drawn drawn = draw("repetition.cross_sample=" + p);
      long[] counts = new long[TOKENS];
      for (int n = 0; n < SAMPLES; n++) {
        counts[(int) drawn.target(n)[0]]++;
      }
      Chance.assertUniform("target at p = " + p, counts);
    }
  }

  @Test
  void a_value_equals_its_key_as_often_as_any_token() {
    Drawn drawn = draw("repetition.cross_sample=0.4");
    for (int slot = 0; slot < PAIRS; slot++) {
      int equal = 0;
      for (int n = 0; n < SAMPLES; n++) {
        equal += drawn.id(n, 2 * slot) == drawn.id(n, 2 * slot + 1) ? 1 : 0;
      }
      Chance.assertBinomial("value equals key in slot " + slot, equal, SAMPLES, 1.0 / TOKENS);
    }
  }

  @Test
  void favoured_tokens_are_not_over_represented_among_the_other_keys() {
    Drawn drawn = draw("repetition.cross_sample=1");
    long[] queries = queries(drawn);
    long[] others = new long[TOKENS];
    for (int n = 0; n < SAMPLES; n++) {
      // One key a sequence, so that counts are independent: that of the first pair which is not
      // asked for.
      int slot = drawn.relevant(n, 1) ? 1 : 0;
      others[drawn.id(n, 2 * slot)]++;
    }
    double[] probabilities = new double[TOKENS];
    for (int token = 0; token < TOKENS; token++) {
      probabilities[token] = (1 - (double) queries[token] / SAMPLES) / (TOKENS - 1);
    }
    Chance.assertCounts("other key", others, probabilities);
  }

  @Test
  void ordered_pairs_of_other_keys_and_of_values_are_uniform() {
    Drawn drawn = draw("task.pairs=3", "task.tokens=4");
    long[] keys = new long[16];
    long[] values = new long[16];
    double[] probabilities = new double[16];
    Arrays.setAll(probabilities, i -> i / 4 == i % 4 ? 0 : 1.0 / 12);
    for (int n = 0; n < SAMPLES; n++) {
      int asked = drawn.relevant(n)[0] / 2;
      int first = asked == 0 ? 1 : 0;
      int second = asked == 2 ? 1 : 2;
      keys[drawn.id(n, 2 * first) * 4 + drawn.id(n, 2 * second)]++;
      values[drawn.id(n, 1) * 4 + drawn.id(n, 3)]++;
    }
    Chance.assertCounts("other keys", keys, probabilities);
    Chance.assertCounts("values", values, probabilities);
  }
}
