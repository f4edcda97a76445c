package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.SyntheticLanguage;
import dev.emergence.spec.SyntheticLanguage.Capability;
import dev.emergence.spec.SyntheticLanguage.Episodes;
import dev.emergence.spec.SyntheticLanguage.FunctionWord;
import dev.emergence.spec.SyntheticLanguage.Range;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Answers follow from the prompts alone, by rules that are written down here once more. */
class SyntheticLanguagePropertiesTest {
  private static final int COUNT = 6;

  @Provide
  static Arbitrary<SyntheticLanguage> languages() {
    Arbitrary<Double> rates = Arbitraries.doubles().between(0, 0.25);
    return Combinators.combine(
            Arbitraries.integers().between(64, 300),
            Arbitraries.integers().between(32, 90),
            Arbitraries.doubles().between(0, 2),
            rates.list().ofSize(4).withoutEdgeCases())
        .as(
            (vocabulary, length, zipf, r) ->
                new SyntheticLanguage(
                    vocabulary,
                    length,
                    zipf,
                    new Episodes(r.get(0), r.get(1), r.get(2), r.get(3))));
  }

  private static SyntheticLanguageSequences task(SyntheticLanguage spec, int seed) {
    return SyntheticLanguageSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static Sampled prompts(SyntheticLanguage spec, Capability kind, int seed, int count) {
    SequenceTask asking = task(spec, seed).prompts(kind.name().toLowerCase());
    return Sampled.of(asking, spec.predicts(), seed, 3, count);
  }

  /** What a rule says of the tokens before the answer, knowing nothing else. */
  private static int[] answer(SyntheticLanguage spec, Capability kind, int[] shown) {
    int end = shown.length;
    return switch (kind) {
      case COPY -> Arrays.copyOfRange(shown, end - 9, end - 1);
      case REPETITION -> new int[] {shown[last(shown, shown[end - 1], end - 1) + 1]};
      case PATTERN -> new int[] {shown[end - period(shown)]};
      case IOI -> {
        int[] names = IntStream.of(shown).filter(spec.names()::contains).toArray();
        yield IntStream.of(names)
            .filter(name -> IntStream.of(names).filter(n -> n == name).count() == 1)
            .toArray();
      }
    };
  }

  private static int last(int[] tokens, int token, int before) {
    return IntStream.range(0, before).filter(p -> tokens[p] == token).max().orElseThrow();
  }

  /** The only period of 2 to 4 that the last tokens have kept for two periods. */
  private static int period(int[] shown) {
    int[] fitting =
        IntStream.rangeClosed(2, 4)
            .filter(
                p ->
                    IntStream.rangeClosed(1, p)
                        .allMatch(i -> shown[shown.length - i] == shown[shown.length - i - p]))
            .toArray();
    return fitting[0];
  }

  @Property(tries = 60)
  void a_rule_decides_the_answer_from_what_is_shown(
      @ForAll("languages") SyntheticLanguage spec, @ForAll Capability kind, @ForAll int seed) {
    Sampled drawn = prompts(spec, kind, seed, COUNT);
    int answers = kind == Capability.COPY ? 8 : 1;
    int length = spec.sequenceLength();
    for (int n = 0; n < COUNT; n++) {
      int[] x = drawn.tokens()[n];
      int[] shown = Arrays.copyOf(x, length - answers);
      int[] wanted = Arrays.copyOfRange(x, length - answers, length);
      assertThat(answer(spec, kind, shown))
          .as("%s after %s", kind, Arrays.toString(shown))
          .containsExactly(wanted);
      int[] targets = drawn.targets()[n];
      for (int q = 0; q < targets.length; q++) {
        boolean asked = q >= targets.length - answers;
        assertThat(targets[q]).isEqualTo(asked ? x[q + 1] : -1);
        int[] attends = drawn.attention()[0][n][q];
        assertThat(attends[0]).isEqualTo(asked ? q : -1);
        if (asked) {
          assertThat(x[attends[1]]).as("what is attended to is the answer").isEqualTo(x[q + 1]);
        }
        int foil = drawn.foils()[n][q];
        assertThat(foil == -1).isEqualTo(!asked);
        assertThat(foil).isNotEqualTo(asked ? targets[q] : 0);
        if (asked && kind != Capability.COPY) {
          assertThat(shown).as("the prompt suggests the foil").contains(foil);
        }
      }
    }
  }

  @Property(tries = 60)
  void the_indirect_object_stands_once_and_swapped_names_swap_the_answer(
      @ForAll("languages") SyntheticLanguage spec, @ForAll int seed) {
    for (int[] x : prompts(spec, Capability.IOI, seed, COUNT).tokens()) {
      int[] s = Arrays.copyOfRange(x, x.length - 13, x.length);
      assertThat(new int[] {s[0], s[2], s[4], s[5], s[7], s[9], s[11]})
          .containsExactly(
              FunctionWord.WHEN.token(),
              FunctionWord.AND.token(),
              FunctionWord.WENT.token(),
              FunctionWord.TO.token(),
              FunctionWord.COMMA.token(),
              FunctionWord.GAVE.token(),
              FunctionWord.TO.token());
      assertThat(spec.places().contains(s[6])).isTrue();
      assertThat(spec.objects().contains(s[10])).isTrue();
      int[] shown = Arrays.copyOf(x, x.length - 1);
      int asked = x[x.length - 1];
      int subject = s[8];
      assertThat(asked).isNotEqualTo(subject);
      assertThat(IntStream.of(shown).filter(t -> t == asked).count()).isEqualTo(1);
      assertThat(IntStream.of(shown).filter(t -> t == subject).count()).isEqualTo(2);
      int[] swapped =
          IntStream.of(shown).map(t -> t == asked ? subject : t == subject ? asked : t).toArray();
      assertThat(answer(spec, Capability.IOI, swapped)).containsExactly(subject);
    }
  }

  @Property(tries = 60)
  void in_training_what_a_rule_decides_equals_its_parent_and_names_are_not_used_twice(
      @ForAll("languages") SyntheticLanguage spec, @ForAll int seed) {
    Sampled drawn = Sampled.of(task(spec, seed), spec.predicts(), seed, 8, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] x = drawn.tokens()[n];
      assertThat(drawn.targets()[n]).containsExactly(Arrays.copyOfRange(x, 1, x.length));
      for (int q = 0; q < x.length - 1; q++) {
        int[] attends = drawn.attention()[0][n][q];
        if (attends[0] >= 0) {
          assertThat(attends[0]).isEqualTo(q);
          assertThat(x[attends[1]]).isEqualTo(x[q + 1]);
        }
      }
      Range names = spec.names();
      for (int name = names.first(); name < names.first() + names.count(); name++) {
        int token = name;
        assertThat(IntStream.of(x).filter(t -> t == token).count()).isLessThanOrEqualTo(3);
      }
    }
  }

  @Property(tries = 60)
  void classes_of_tokens_fill_the_vocabulary(@ForAll("languages") SyntheticLanguage spec) {
    int next = SyntheticLanguage.SEPARATOR + 1 + FunctionWord.values().length;
    for (Range range : List.of(spec.names(), spec.places(), spec.objects(), spec.words())) {
      assertThat(range.first()).isEqualTo(next);
      assertThat(range.count()).isGreaterThanOrEqualTo(4);
      next += range.count();
    }
    assertThat(next).isEqualTo(spec.vocabulary());
  }

  private static final SyntheticLanguage SMALL =
      new SyntheticLanguage(64, 48, 1, new Episodes(0.02, 0.03, 0.04, 0.05));

  @Example
  void both_orders_of_names_and_all_names_are_equally_frequent() {
    int count = 6000;
    long[] first = new long[2];
    long[] names = new long[SMALL.names().count()];
    for (int[] x : prompts(SMALL, Capability.IOI, 5, count).tokens()) {
      first[x[x.length - 12] == x[x.length - 1] ? 0 : 1]++;
      names[x[x.length - 1] - SMALL.names().first()]++;
    }
    Chance.assertUniform("ABBA and BABA", first);
    Chance.assertUniform("names asked for", names);
  }

  @Example
  void guessing_from_the_context_scores_what_its_level_says() {
    int count = 30000;
    for (Capability kind : List.of(Capability.PATTERN, Capability.COPY)) {
      Sampled drawn = prompts(SMALL, kind, 3, count);
      double loss = 0;
      double share = 0;
      double named = 0;
      for (int[] x : drawn.tokens()) {
        int[] shown = Arrays.copyOf(x, x.length - 1);
        int span = kind == Capability.COPY ? 8 : period(shown);
        int from = kind == Capability.COPY ? x.length - 17 : x.length - 1 - span;
        long same = IntStream.range(from, from + span).filter(p -> x[p] == x[x.length - 1]).count();
        loss += Math.log((double) span / same) / count;
        share += (double) same / span / count;
        named += ofMostFrequent(x, from, span) / count;
      }
      List<Level> levels = levels(kind, "in_context");
      double most = levels(kind, "most_frequent").get(0).value();
      assertThat(most).as(kind + " most frequent").isCloseTo(named, within(0.01));
      assertThat(levels.get(0).value()).as(kind + " loss").isCloseTo(loss, within(0.02));
      assertThat(levels.get(1).value()).as(kind + " accuracy").isCloseTo(share, within(0.01));
    }
  }

  /** How likely one of the most frequent tokens of a part is the last of all, drawn at random. */
  private static double ofMostFrequent(int[] x, int from, int span) {
    int[] part = Arrays.copyOfRange(x, from, from + span);
    IntUnaryOperator count = token -> (int) Arrays.stream(part).filter(t -> t == token).count();
    int most = Arrays.stream(part).map(count).max().orElseThrow();
    int[] best = Arrays.stream(part).distinct().filter(t -> count.applyAsInt(t) == most).toArray();
    return Arrays.stream(best).anyMatch(t -> t == x[x.length - 1]) ? 1.0 / best.length : 0;
  }

  private static List<Level> levels(Capability kind, String name) {
    return task(SMALL, 3).prompts(kind.name().toLowerCase()).levels("test").stream()
        .filter(l -> l.name().equals(name))
        .toList();
  }

  /** Its name stands twice before the answer, which is the other one. */
  @Example
  void guessing_between_two_names_does_not_count_how_often_they_stand_there() {
    for (Capability kind : List.of(Capability.REPETITION, Capability.IOI)) {
      List<Level> levels = levels(kind, "in_context");
      assertThat(levels).extracting(Level::value).containsExactly(Math.log(2), 0.5);
      assertThat(levels)
          .extracting(Level::doc)
          .containsOnly("either of the episode's two names, equally likely");
    }
  }

  @Example
  void words_follow_their_law() {
    SyntheticLanguage plain = new SyntheticLanguage(64, 64, 1, new Episodes(0, 0, 0, 0));
    SyntheticLanguageSequences task = task(plain, 2);
    Range words = plain.words();
    long[] after = new long[words.count()];
    for (int[] x : Sampled.of(task, plain.predicts(), 2, 0, 4000).tokens()) {
      for (int p = 1; p < x.length; p++) {
        assertThat(words.contains(x[p])).isTrue();
        if (x[p - 1] == words.first() + 2) {
          after[x[p] - words.first()]++;
        }
      }
    }
    double[] law =
        IntStream.range(0, words.count()).mapToDouble(w -> task.law().probability(2, w)).toArray();
    assertThat(Arrays.stream(law).sum()).isCloseTo(1, within(1e-12));
    assertThat(task.law().best(2)).isEqualTo(Arrays.stream(law).max().orElseThrow());
    Chance.assertCounts("words after word 2", after, law);
  }

  @Example
  void episodes_begin_as_often_as_their_rates_say() {
    SyntheticLanguage copies = new SyntheticLanguage(64, 64, 1, new Episodes(0.1, 0, 0, 0));
    long begun = 0;
    long free = 0;
    for (int[] x : Sampled.of(task(copies, 2), copies.predicts(), 2, 0, 3000).tokens()) {
      for (int p = 0; p < x.length; free++) {
        boolean copy = x[p] < SyntheticLanguage.DIGITS;
        begun += copy ? 1 : 0;
        p += copy ? 17 : 1;
      }
    }
    Chance.assertBinomial("copies that begin", begun, free, 0.1);
  }

  @Example
  void without_episodes_the_oracle_s_loss_is_the_law_s_entropy() {
    SyntheticLanguage plain = new SyntheticLanguage(64, 256, 1, new Episodes(0, 0, 0, 0));
    SyntheticLanguageSequences task = task(plain, 2);
    double loss = 0;
    long count = 0;
    for (int[] x : Sampled.of(task, plain.predicts(), 2, 0, 1000).tokens()) {
      for (int p = 1; p < x.length; p++, count++) {
        int first = plain.words().first();
        loss -= Math.log(task.law().probability(x[p - 1] - first, x[p] - first));
      }
    }
    assertThat(task.levels("test").get(0).value()).isCloseTo(loss / count, within(0.02));
  }

  @Example
  void a_level_is_called_estimated_where_it_is_a_mean_over_examples() {
    SyntheticLanguageSequences task = task(SMALL, 2);
    assertThat(task.levels("test").subList(0, 2))
        .allSatisfy(level -> assertThat(level.doc()).endsWith(" (estimated)"));
    assertThat(task.prompts("copy").levels("copy"))
        .allSatisfy(level -> assertThat(level.doc()).doesNotContain("estimated"));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void a_file_is_warned_of_the_best_level_that_guessing_from_the_context_has(
      @ForAll Capability kind, @ForAll boolean whole) {
    double level =
        Stream.of("in_context", "most_frequent")
            .flatMap(name -> levels(kind, name).stream())
            .filter(l -> l.metric().equals("accuracy"))
            .mapToDouble(Level::value)
            .max()
            .orElseThrow();
    String set = kind.name().toLowerCase();
    if (kind == Capability.COPY && whole) {
      assertThat(SMALL.guess(set, true)).isEmpty();
    } else {
      assertThat(SMALL.guess(set, whole).orElseThrow().accuracy()).isCloseTo(level, within(1e-12));
    }
  }
}
