package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.ModularAddition;
import dev.emergence.spec.ModularAddition.Split;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Sums modulo p: which pairs are for training, what batches hold, and what predictors reach. */
class ModularAdditionPropertiesTest {
  private static final int COUNT = 40;

  @Provide
  static Arbitrary<ModularAddition> sums() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 13),
            Arbitraries.doubles().between(0.01, 0.99),
            Arbitraries.of(Split.values()))
        .as(ModularAddition::new)
        .filter(s -> s.drawn() > 0 && s.drawn() < s.drawable());
  }

  private static ModularAdditionSequences task(ModularAddition spec, int seed) {
    return ModularAdditionSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static Sampled drawn(ModularAddition spec, SequenceTask task, int step, int count) {
    return Sampled.of(task, spec.predicts(), 5, step, count);
  }

  private static Set<Integer> set(int[] pairs) {
    return Arrays.stream(pairs).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  @Property(tries = 200)
  void every_pair_is_either_for_training_or_held_out(
      @ForAll("sums") ModularAddition spec, @ForAll int seed) {
    PairSplit split = task(spec, seed).split();
    int p = spec.modulus();
    int[] all =
        IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.heldOut()))
            .sorted()
            .toArray();
    assertThat(all).containsExactly(IntStream.range(0, p * p).toArray());
    assertThat(split.training()).isSorted();
    assertThat(split.heldOut()).isSorted();
  }

  @Property(tries = 200)
  void as_many_pairs_are_for_training_as_the_share_says(
      @ForAll("sums") ModularAddition spec, @ForAll int seed) {
    int p = spec.modulus();
    int[] training = task(spec, seed).split().training();
    if (spec.split() == Split.ORDERED) {
      assertThat(training).hasSize((int) Math.round(spec.trainingShare() * (p * p)));
    } else {
      Set<Integer> known = set(training);
      assertThat(known).allMatch(pair -> known.contains(pair % p * p + pair / p));
      long once = known.stream().filter(pair -> pair / p <= pair % p).count();
      assertThat(once).isEqualTo(Math.round(spec.trainingShare() * (p * (p + 1) / 2)));
    }
  }

  @Property(tries = 100)
  void a_larger_share_has_the_training_pairs_of_a_smaller_one(
      @ForAll("sums") ModularAddition spec, @ForAll int seed) {
    ModularAddition larger =
        new ModularAddition(spec.modulus(), (1 + spec.trainingShare()) / 2, spec.split());
    assertThat(set(task(larger, seed).split().training()))
        .containsAll(set(task(spec, seed).split().training()));
  }

  @Property(tries = 200)
  void batches_hold_training_pairs_alone_and_tests_held_out_ones_with_their_sums(
      @ForAll("sums") ModularAddition spec, @ForAll int seed, @ForAll int step) {
    ModularAdditionSequences task = task(spec, seed);
    Set<Integer> training = set(task.split().training());
    holds(spec, drawn(spec, task, step, COUNT), training);
    holds(spec, drawn(spec, task.prompts("training"), step, COUNT), training);
    holds(spec, drawn(spec, task.tests(), step, COUNT), set(task.split().heldOut()));
  }

  private static void holds(ModularAddition spec, Sampled drawn, Set<Integer> pairs) {
    int p = spec.modulus();
    for (int n = 0; n < COUNT; n++) {
      int[] x = drawn.tokens()[n];
      assertThat(pairs).contains(x[0] * p + x[1]);
      assertThat(x[2]).isEqualTo(p);
      assertThat(drawn.targets()[n]).containsExactly((x[0] + x[1]) % p);
      assertThat(drawn.foils()[n]).containsExactly((x[0] + x[1] + 1) % p);
    }
  }

  /** Computed by a program in Python from the definitions of Philox, shuffle and draws. */
  @Example
  void splits_and_batches_of_a_seed_stay_what_they_are() {
    ModularAddition spec = new ModularAddition(5, 0.48, Split.ORDERED);
    ModularAddition unordered = new ModularAddition(5, 0.48, Split.UNORDERED);
    assertThat(task(spec, 3).split().training())
        .containsExactly(0, 2, 6, 8, 10, 11, 12, 13, 15, 20, 23, 24);
    assertThat(task(unordered, 3).split().training())
        .containsExactly(4, 6, 8, 9, 12, 13, 16, 17, 20, 21, 24);
    RunConfig config = Configs.plain("{kind: modular_addition, modulus: 5, training_share: 0.48}");
    try (Lab lab = Lab.of(config, 3)) {
      assertThat(numbers(lab.training(6, 2), 5)).containsExactly(11, 8, 6, 11, 20, 6);
      assertThat(numbers(lab.test("test", 6, 2), 5)).containsExactly(7, 5, 7, 16, 3, 22);
    }
  }

  @Example
  void pairs_of_a_batch_are_equally_likely() {
    ModularAddition spec = new ModularAddition(5, 0.48, Split.ORDERED);
    ModularAdditionSequences task = task(spec, 3);
    assertThat(task.split().training()).hasSize(12);
    for (SequenceTask each : List.of(task, task.tests())) {
      int[] pairs = each == task ? task.split().training() : task.split().heldOut();
      long[] counts = new long[pairs.length];
      for (int[] x : drawn(spec, each, 2, 20_000).tokens()) {
        counts[Arrays.binarySearch(pairs, 5 * x[0] + x[1])]++;
      }
      Chance.assertUniform("pairs", counts);
    }
  }

  /** Ordered ones: each of 9 pairs, in 4 of 9 splits. */
  @Example
  void every_pair_is_for_training_equally_often() {
    ModularAddition spec = new ModularAddition(3, 0.45, Split.ORDERED);
    int splits = 10_000;
    long[] counts = new long[9];
    for (int seed = 0; seed < splits; seed++) {
      Arrays.stream(task(spec, seed).split().training()).forEach(pair -> counts[pair]++);
    }
    for (long count : counts) {
      Chance.assertBinomial("splits with a pair", count, splits, 4.0 / 9);
    }
  }

  @Example
  void the_equals_sign_should_attend_to_both_numbers_and_guesses_are_of_the_numbers_alone() {
    ModularAdditionSequences task = task(new ModularAddition(7, 0.4, Split.ORDERED), 3);
    Attends parents = task.attends().get(0);
    assertThat(parents.queries()).containsExactly(2);
    assertThat(parents.keys()[0]).containsExactly(0, 1);
    assertThat(task.levels("test"))
        .filteredOn(level -> level.name().equals("blind"))
        .extracting(Level::value)
        .containsExactly(Math.log(7), 1.0 / 7);
  }

  /** On all held-out pairs, each of which is equally likely. */
  @Property(tries = 100)
  void the_level_mirror_is_what_its_strategy_scores(
      @ForAll("sums") ModularAddition spec, @ForAll int seed) {
    ModularAdditionSequences task = task(spec, seed);
    int p = spec.modulus();
    Set<Integer> known = set(task.split().training());
    double loss = 0;
    double accuracy = 0;
    for (int pair : task.split().heldOut()) {
      boolean found = known.contains(pair % p * p + pair / p);
      loss += found ? 0 : Math.log(p);
      accuracy += found ? 1 : 1.0 / p;
    }
    int count = task.split().heldOut().length;
    List<Level> levels = task.tests().levels("test");
    assertThat(levels).extracting(Level::name).startsWith("oracle").contains("blind");
    if (spec.split() == Split.UNORDERED) {
      assertThat(levels).extracting(Level::name).doesNotContain("mirror");
      assertThat(loss / count).isCloseTo(Math.log(p), within(1e-12));
    } else {
      assertThat(level(levels, "loss")).isCloseTo(loss / count, within(1e-12));
      assertThat(level(levels, "accuracy")).isCloseTo(accuracy / count, within(1e-12));
    }
    assertThat(task.prompts("training").levels("test"))
        .extracting(Level::name)
        .containsExactly("oracle", "oracle", "blind", "blind");
  }

  private static double level(List<Level> levels, String metric) {
    return levels.stream()
        .filter(l -> l.name().equals("mirror") && l.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Example
  void the_guess_is_the_mean_of_the_level_over_splits() {
    ModularAddition spec = new ModularAddition(7, 0.4, Split.ORDERED);
    double sum = 0;
    int splits = 4000;
    for (int seed = 0; seed < splits; seed++) {
      sum += level(task(spec, seed).tests().levels("test"), "accuracy");
    }
    double guess = spec.guess(1).orElseThrow().accuracy();
    assertThat(sum / splits).isCloseTo(guess, within(0.005));
  }

  @Example
  void there_are_no_other_prompts() {
    ModularAdditionSequences task = task(new ModularAddition(7, 0.4, Split.ORDERED), 3);
    assertThatIllegalArgumentException().isThrownBy(() -> task.prompts("held_out"));
  }

  /** Also of a run that takes the place of another. */
  @Example
  void what_trains_draws_test_sets_from_held_out_pairs_and_prompts_from_training_pairs() {
    RunConfig config =
        Configs.plain(
            "{kind: modular_addition, modulus: 7}",
            "measurement.test_sets={test: {}, known: {prompts: training}}");
    ModularAddition spec = (ModularAddition) config.task();
    try (Lab lab = Lab.of(config, 8)) {
      for (int seed : new int[] {8, 9}) {
        lab.task().enter(0, new Replica(config, seed));
        PairSplit split = task(spec, seed).split();
        assertThat(pairs(lab.training(COUNT, 2))).isSubsetOf(set(split.training()));
        assertThat(pairs(lab.test("known", COUNT, 2))).isSubsetOf(set(split.training()));
        assertThat(pairs(lab.test("test", COUNT, 2))).isSubsetOf(set(split.heldOut()));
        assertThat(lab.task().levels(0, "test"))
            .isEqualTo(task(spec, seed).tests().levels("test"))
            .isEqualTo(Tasks.levels(new Replica(config, seed), "test"));
        assertThat(lab.task().levels(0, "known")).hasSize(4);
      }
    }
  }

  private static Set<Integer> pairs(Drawn drawn) {
    return Set.copyOf(numbers(drawn, 7));
  }

  /** The numbers of the pairs of a batch. */
  private static List<Integer> numbers(Drawn drawn, int p) {
    return IntStream.range(0, drawn.samples())
        .mapToObj(n -> p * drawn.id(n, 0) + drawn.id(n, 1))
        .toList();
  }
}
