package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.TriggerBigrams;
import dev.emergence.spec.TriggerBigrams.Choice;
import dev.emergence.spec.TriggerBigrams.Outputs;
import dev.emergence.task.TriggerBigramsSequences.Text;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Bigrams with triggers: what follows what, where the context tells, and what predictors reach. */
class TriggerBigramsPropertiesTest {
  private static final int COUNT = 6;
  private static final int STEP = 2;

  @Provide
  static Arbitrary<TriggerBigrams> settings() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 12),
            Arbitraries.integers().between(4, 40),
            Arbitraries.integers().between(1, 5),
            Arbitraries.of(Choice.values()),
            Arbitraries.of(Outputs.values()),
            Arbitraries.doubles().between(0, 2))
        .as(TriggerBigrams::new)
        .filter(s -> s.triggers() < s.vocabulary());
  }

  private static TriggerBigramsSequences task(TriggerBigrams spec, int seed) {
    return TriggerBigramsSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static Sampled drawn(TriggerBigrams spec, SequenceTask task, int seed, int count) {
    return Sampled.of(task, spec.predicts(), seed, STEP, count);
  }

  /** The triggers of a sequence, rising. */
  private static int[] triggers(TriggerBigrams spec, int seed, int n) {
    Text text = task(spec, seed).text(RandomStream.of(seed, Purpose.DATA), STEP, n);
    return IntStream.range(0, spec.vocabulary())
        .filter(t -> text.triggers().number(t) >= 0)
        .toArray();
  }

  private static boolean in(int[] rising, int token) {
    return Arrays.binarySearch(rising, token) >= 0;
  }

  @Property(tries = 200)
  void one_token_that_is_no_trigger_follows_each_trigger_of_a_sequence(
      @ForAll("settings") TriggerBigrams spec, @ForAll int seed) {
    Sampled drawn = drawn(spec, task(spec, seed), seed, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] triggers = triggers(spec, seed, n);
      assertThat(triggers).hasSize(spec.triggers());
      if (spec.choice() == Choice.FREQUENT) {
        assertThat(triggers).containsExactly(IntStream.range(0, spec.triggers()).toArray());
      } else if (spec.choice() == Choice.FIXED) {
        assertThat(triggers).containsExactly(triggers(spec, seed, 0));
      }
      int[] x = drawn.tokens()[n];
      for (int trigger : triggers) {
        int[] followers =
            IntStream.range(1, x.length).filter(p -> x[p - 1] == trigger).map(p -> x[p]).toArray();
        assertThat(Arrays.stream(followers).distinct().count()).isLessThanOrEqualTo(1);
        assertThat(Arrays.stream(followers)).noneMatch(t -> in(triggers, t));
      }
    }
  }

  @Property(tries = 200)
  void attention_goes_behind_earlier_places_of_the_trigger_and_to_the_token_before(
      @ForAll("settings") TriggerBigrams spec, @ForAll int seed) {
    Sampled drawn = drawn(spec, task(spec, seed), seed, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] x = drawn.tokens()[n];
      int[] triggers = triggers(spec, seed, n);
      List<List<Integer>> wanted = new ArrayList<>();
      for (int q = 0; q < x.length - 1; q++) {
        List<Integer> entry = new ArrayList<>(List.of(q));
        for (int p = 1; p <= q; p++) {
          if (in(triggers, x[q]) && x[p - 1] == x[q]) {
            entry.add(p);
          }
        }
        if (entry.size() > 1) {
          wanted.add(entry);
        }
      }
      List<List<Integer>> got =
          Arrays.stream(drawn.attention()[0][n])
              .filter(entry -> entry[0] >= 0)
              .map(entry -> Arrays.stream(entry).filter(p -> p >= 0).boxed().toList())
              .toList();
      assertThat(got).isEqualTo(wanted);
      for (int q = 1; q < x.length; q++) {
        assertThat(drawn.attention()[1][n][q - 1]).containsExactly(q, q - 1);
      }
    }
  }

  @Property(tries = 200)
  void prompts_ask_for_what_they_say_and_name_the_likeliest_bigram_beside_it(
      @ForAll("settings") TriggerBigrams spec, @ForAll int seed) {
    TriggerBigramsSequences task = task(spec, seed);
    Sampled all = drawn(spec, task, seed, COUNT);
    Sampled repeated = drawn(spec, task.prompts("triggers"), seed, COUNT);
    Sampled others = drawn(spec, task.prompts("bigrams"), seed, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] x = all.tokens()[n];
      int[] triggers = triggers(spec, seed, n);
      assertThat(repeated.tokens()[n]).containsExactly(x);
      assertThat(others.tokens()[n]).containsExactly(x);
      for (int q = 0; q < x.length - 1; q++) {
        int at = q;
        boolean again = IntStream.range(0, q).anyMatch(p -> x[p] == x[at]);
        boolean trigger = in(triggers, x[q]);
        assertThat(all.targets()[n][q]).isEqualTo(x[q + 1]);
        assertThat(repeated.targets()[n][q]).isEqualTo(trigger && again ? x[q + 1] : -1);
        assertThat(others.targets()[n][q]).isEqualTo(trigger ? -1 : x[q + 1]);
        for (Sampled each : List.of(repeated, others)) {
          int foil = each.foils()[n][q];
          if (each.targets()[n][q] < 0) {
            assertThat(foil).isEqualTo(-1);
          } else {
            assertThat(foil).isNotEqualTo(x[q + 1]);
            double likeliest =
                IntStream.range(0, spec.vocabulary())
                    .filter(t -> t != x[at + 1])
                    .mapToDouble(t -> task.law().probability(x[at], t))
                    .max()
                    .orElseThrow();
            assertThat(task.law().probability(x[q], foil)).isCloseTo(likeliest, within(1e-12));
          }
        }
      }
    }
  }

  @Example
  void tokens_after_no_trigger_follow_the_law_of_the_run() {
    TriggerBigrams spec = new TriggerBigrams(5, 20, 1, Choice.FREQUENT, Outputs.UNIFORM, 0.8);
    TriggerBigramsSequences task = task(spec, 3);
    long[][] counts = new long[5][5];
    for (int[] x : drawn(spec, task, 3, 5000).tokens()) {
      for (int p = 1; p < x.length; p++) {
        counts[x[p - 1]][x[p]]++;
      }
    }
    for (int token = 1; token < 5; token++) {
      int before = token;
      double[] law =
          IntStream.range(0, 5).mapToDouble(t -> task.law().probability(before, t)).toArray();
      Chance.assertCounts("after " + token, counts[token], law);
    }
  }

  /** Two of four tokens: the second among those that are left. */
  @Example
  void triggers_are_drawn_by_zipfs_law_without_replacement() {
    double all = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4;
    double[] expected = new double[16];
    for (int i = 0; i < 16; i++) {
      int low = Math.min(i / 4, i % 4);
      int high = Math.max(i / 4, i % 4);
      double one = 1.0 / (low + 1);
      double two = 1.0 / (high + 1);
      boolean counts = i / 4 < i % 4;
      expected[i] = counts ? one * two / all * (1 / (all - one) + 1 / (all - two)) : 0;
    }
    for (Choice choice : List.of(Choice.RANDOM, Choice.FIXED)) {
      TriggerBigrams spec = new TriggerBigrams(4, 4, 2, choice, Outputs.UNIFORM, 1);
      long[] counts = new long[16];
      for (int i = 0; i < 20_000; i++) {
        int[] two = choice == Choice.RANDOM ? triggers(spec, 3, i) : triggers(spec, i, 0);
        counts[4 * two[0] + two[1]]++;
      }
      Chance.assertCounts("triggers that are " + choice, counts, expected);
    }
  }

  /** Of the first token: after it, the outputs of many sequences. */
  @Example
  void outputs_are_equally_likely_or_follow_the_law() {
    for (Outputs outputs : Outputs.values()) {
      TriggerBigrams spec = new TriggerBigrams(6, 4, 2, Choice.FREQUENT, outputs, 1);
      TriggerBigramsSequences task = task(spec, 5);
      long[] counts = new long[4];
      for (int[] x : drawn(spec, task, 5, 40_000).tokens()) {
        if (x[0] == 0) {
          counts[x[1] - 2]++;
        }
      }
      double[] expected =
          IntStream.range(2, 6)
              .mapToDouble(t -> outputs == Outputs.UNIFORM ? 1 : task.law().probability(0, t))
              .toArray();
      double all = Arrays.stream(expected).sum();
      Chance.assertCounts("outputs", counts, Arrays.stream(expected).map(e -> e / all).toArray());
    }
  }

  /** By the counts of pairs of the same sequences, with outputs as they are at first. */
  @Example
  void the_levels_are_what_their_strategies_score_on_drawn_sequences() {
    for (Choice choice : Choice.values()) {
      for (Outputs outputs : Outputs.values()) {
        TriggerBigrams spec = new TriggerBigrams(7, 16, 2, choice, outputs, 0.7);
        int count = 10_000;
        int[][] x = drawn(spec, task(spec, 5), 5, count).tokens();
        double[][] pairs = pairs(spec, 5, x);
        double[] often = new double[7];
        for (int[] each : x) {
          Arrays.stream(each).skip(1).forEach(token -> often[token]++);
        }
        for (String set : List.of("", "triggers", "bigrams")) {
          SequenceTask task = set.isEmpty() ? task(spec, 5) : task(spec, 5).prompts(set);
          int[][] targets = drawn(spec, task, 5, count).targets();
          String what = spec + " " + set;
          // Few tokens stand behind triggers, and those of a sequence are alike.
          double chance = set.equals("triggers") ? 0.05 : 0.02;
          double bigram = mean(x, targets, pair -> -Math.log(share(pairs[pair[0]], pair[1])));
          double unigram = mean(x, targets, pair -> -Math.log(share(often, pair[1])));
          assertThat(level(task, "bigram", "loss")).as(what).isCloseTo(bigram, within(chance));
          assertThat(level(task, "unigram", "loss")).as(what).isCloseTo(unigram, within(chance));
          double hits = mean(x, targets, pair -> best(pairs[pair[0]]) == pair[1] ? 1 : 0);
          assertThat(level(task, "bigram", "accuracy")).as(what).isCloseTo(hits, within(chance));
        }
      }
    }
  }

  /**
   * How often each token follows each. What follows a trigger is counted at its first place in a
   * sequence: an output that leads back to its trigger stands in the later ones more often.
   */
  private static double[][] pairs(TriggerBigrams spec, int seed, int[][] x) {
    int v = spec.vocabulary();
    double[][] plain = new double[v][v];
    double[][] first = new double[v][v];
    double[] places = new double[v];
    for (int n = 0; n < x.length; n++) {
      int[] triggers = triggers(spec, seed, n);
      boolean[] seen = new boolean[v];
      for (int q = 0; q < x[n].length - 1; q++) {
        int token = x[n][q];
        if (!in(triggers, token)) {
          plain[token][x[n][q + 1]]++;
          continue;
        }
        places[token]++;
        first[token][x[n][q + 1]] += seen[token] ? 0 : 1;
        seen[token] = true;
      }
    }
    for (int token = 0; token < v; token++) {
      double all = Math.max(1, Arrays.stream(first[token]).sum());
      for (int next = 0; next < v; next++) {
        plain[token][next] += places[token] * first[token][next] / all;
      }
    }
    return plain;
  }

  private static double share(double[] counts, int i) {
    return counts[i] / Arrays.stream(counts).sum();
  }

  private static int best(double[] counts) {
    return IntStream.range(0, counts.length)
        .reduce((i, j) -> counts[j] > counts[i] ? j : i)
        .orElseThrow();
  }

  /** Over what is asked for, of a token and the one after it. */
  private static double mean(int[][] x, int[][] targets, ToDoubleFunction<int[]> of) {
    double sum = 0;
    long all = 0;
    for (int n = 0; n < x.length; n++) {
      for (int q = 0; q < targets[n].length; q++) {
        if (targets[n][q] >= 0) {
          sum += of.applyAsDouble(new int[] {x[n][q], targets[n][q]});
          all++;
        }
      }
    }
    return sum / all;
  }

  @Example
  void the_oracle_is_certain_of_outputs_that_were_there_and_knows_the_laws_of_the_others() {
    TriggerBigrams spec = new TriggerBigrams(7, 16, 2, Choice.FIXED, Outputs.UNIFORM, 0.7);
    TriggerBigramsSequences task = task(spec, 5);
    SequenceTask repeated = task.prompts("triggers");
    assertThat(level(repeated, "oracle", "loss")).isCloseTo(0, within(1e-12));
    assertThat(level(repeated, "oracle", "accuracy")).isCloseTo(1, within(1e-12));
    int count = 10_000;
    int[] triggers = triggers(spec, 5, 0);
    int[][] x = drawn(spec, task, 5, count).tokens();
    double sum = 0;
    for (int[] each : x) {
      boolean[] seen = new boolean[7];
      for (int q = 0; q < 15; q++) {
        double known = seen[each[q]] ? 1 : 1.0 / 5;
        boolean trigger = in(triggers, each[q]);
        sum -= Math.log(trigger ? known : task.law().probability(each[q], each[q + 1]));
        seen[each[q]] = true;
      }
    }
    assertThat(level(task, "oracle", "loss")).isCloseTo(sum / (15.0 * count), within(0.02));
  }

  /** Of a thousand equally likely tokens, in sequences of four. */
  @Example
  void levels_are_those_that_are_certain_where_no_trigger_comes_again_in_examples() {
    TriggerBigrams spec = new TriggerBigrams(1000, 4, 1, Choice.FIXED, Outputs.UNIFORM, 0);
    SequenceTask repeated = task(spec, 5).prompts("triggers");
    assertThat(repeated.levels("test")).extracting(Level::name).contains("oracle", "blind");
    assertThat(repeated.levels("test")).allMatch(l -> Double.isFinite(l.value()));
    assertThat(level(repeated, "oracle", "loss")).isZero();
  }

  private static double level(SequenceTask task, String name, String metric) {
    return task.levels("test").stream()
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
