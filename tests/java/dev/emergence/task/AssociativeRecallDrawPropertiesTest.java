package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every sequence of associative recall. */
class AssociativeRecallDrawPropertiesTest {
  private static final int SAMPLES = 12;

  /** A configuration and what it says. */
  record Setting(
      int pairs, int tokens, int copies, double p, String placement, int seed, int step) {

    Drawn draw() {
      String[] sets = {
        "task.pairs=" + pairs,
        "task.tokens=" + tokens,
        "task.query_placement=" + placement,
        "repetition.in_context=" + copies,
        "repetition.cross_sample=" + p
      };
      try (Lab lab = Lab.of(Configs.recall(sets), seed)) {
        return lab.training(SAMPLES, step);
      }
    }

    int query(Drawn drawn, int n) {
      return drawn.id(n, 2 * pairs);
    }

    int copies(Drawn drawn, int n) {
      int found = 0;
      for (int slot = 0; slot < pairs; slot++) {
        found += drawn.id(n, 2 * slot) == query(drawn, n) ? 1 : 0;
      }
      return found;
    }
  }

  @Provide
  Arbitrary<Setting> settings() {
    Arbitrary<int[]> sizes =
        Arbitraries.integers()
            .between(1, 12)
            .flatMap(
                pairs ->
                    Combinators.combine(
                            Arbitraries.integers().between(1, pairs),
                            Arbitraries.integers().between(0, 20))
                        .as(
                            (copies, spare) ->
                                new int[] {pairs, copies, Math.max(2, pairs + spare)}));
    return Combinators.combine(
            sizes,
            Arbitraries.of(0.0, 0.4, 1.0),
            Arbitraries.of("at_least_one", "binomial", "binomial_positive", "exactly"),
            Arbitraries.integers().between(0, Integer.MAX_VALUE),
            Arbitraries.integers().between(0, 1 << 20))
        .as(
            (size, p, placement, seed, step) ->
                new Setting(
                    size[0],
                    size[2] + (placement.equals("binomial") ? 1 : 0),
                    size[1],
                    p,
                    placement,
                    seed,
                    step));
  }

  @Property(tries = 60, seed = "21")
  void sequences_hold_tokens_of_the_vocabulary_and_end_with_the_query(
      @ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    assertThat(drawn.length()).isEqualTo(2 * s.pairs() + 1);
    assertThat(drawn.input()).hasSize(SAMPLES * drawn.length());
    for (double token : drawn.input()) {
      assertThat(token).isBetween(0.0, s.tokens() - 1.0);
    }
  }

  @Property(tries = 60, seed = "22")
  void the_query_stands_in_the_context_as_often_as_its_placement_says(
      @ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    for (int n = 0; n < SAMPLES; n++) {
      int copies = s.copies(drawn, n);
      switch (s.placement()) {
        case "exactly" -> assertThat(copies).isEqualTo(s.copies());
        case "binomial" -> assertThat(copies).isBetween(0, s.pairs());
        default -> assertThat(copies).isBetween(1, s.pairs());
      }
      if (s.placement().equals("at_least_one") && s.copies() == 1) {
        assertThat(copies).isEqualTo(1);
      }
    }
  }

  @Property(tries = 60, seed = "23")
  void other_keys_are_distinct_and_values_are_an_injective_function_of_keys(
      @ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    for (int n = 0; n < SAMPLES; n++) {
      Map<Integer, Integer> valueOf = new HashMap<>();
      Set<Integer> values = new HashSet<>();
      for (int slot = 0; slot < s.pairs(); slot++) {
        int key = drawn.id(n, 2 * slot);
        int value = drawn.id(n, 2 * slot + 1);
        Integer before = valueOf.put(key, value);
        if (before == null) {
          assertThat(values.add(value)).as("value " + value + " twice").isTrue();
        } else {
          assertThat(key).as("key that stands twice").isEqualTo(s.query(drawn, n));
          assertThat(value).isEqualTo(before);
        }
      }
      int target = (int) drawn.target(n)[0];
      if (valueOf.containsKey(s.query(drawn, n))) {
        assertThat(valueOf.get(s.query(drawn, n))).isEqualTo(target);
      } else {
        assertThat(values).doesNotContain(target);
      }
    }
  }

  @Property(tries = 60, seed = "24")
  void ground_truth_marks_the_values_after_the_query_and_the_first_key(
      @ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    for (int n = 0; n < SAMPLES; n++) {
      int query = s.query(drawn, n);
      int first = -1;
      for (int l = drawn.length() - 1; l >= 0; l--) {
        boolean follows = l % 2 == 1 && drawn.id(n, l - 1) == query;
        assertThat(drawn.relevant(n, l)).isEqualTo(follows);
        first = follows ? l : first;
      }
      assertThat(drawn.from()[n]).isEqualTo(first);
      for (int l = 0; l < drawn.length(); l++) {
        assertThat(drawn.to()[n * drawn.length() + l])
            .isEqualTo(first >= 0 && l == first - 1 ? 1 : 0);
      }
    }
  }

  @Property(tries = 60, seed = "25")
  void at_p_1_only_favoured_tokens_are_asked_for(@ForAll("settings") Setting s) {
    if (s.p() != 1) {
      return;
    }
    Drawn drawn = s.draw();
    Set<Integer> queries = new HashSet<>();
    for (int n = 0; n < SAMPLES; n++) {
      queries.add(s.query(drawn, n));
    }
    assertThat(queries).hasSizeLessThanOrEqualTo(2);
  }
}
