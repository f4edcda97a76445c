package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.Defaults;
import dev.emergence.spec.LinearMap;
import dev.emergence.spec.LinearMap.Scored;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Span;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Linear maps whose rows are scored by Zipf's law: which targets are left out, where, how often.
 */
class RareRowsPropertiesTest {
  private static final int COUNT = 7;
  private static final int STEP = 3;
  private static final int MANY = 20_000;

  @Provide
  Arbitrary<LinearMap> maps() {
    return Specs.of(LinearMap.class, 9)
        .filter(s -> s.parents() <= s.cells() && s.written() <= s.cells())
        .filter(s -> !s.outputsHidden() || s.states() == 2);
  }

  private static LinearMap zipf(LinearMap spec, double exponent) {
    return Defaults.change(spec, Map.of("row_zipf", exponent));
  }

  private static LinearMapSequences task(LinearMap spec, int seed) {
    return LinearMapSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static Sampled drawn(LinearMap spec, int seed, int count) {
    return Sampled.of(task(spec, seed), spec.predicts(), seed, STEP, count);
  }

  @Property(tries = 300)
  void a_row_is_left_out_of_a_sequence_exactly_where_its_coin_says_so(
      @ForAll("maps") LinearMap spec, @ForAll int seed) {
    Sampled rare = drawn(spec, seed, COUNT);
    Sampled all = drawn(zipf(spec, 0), seed, COUNT);
    assertThat(rare.tokens()).isDeepEqualTo(all.tokens());
    Span scored = spec.predicts().scored();
    for (int n = 0; n < COUNT; n++) {
      RandomLane lane = RandomStream.of(seed, Purpose.DATA).lane(1, STEP, n);
      for (int q = 0; q < scored.count(); q++) {
        int p = scored.first() + q + 1;
        int row = p % spec.cells();
        boolean kept =
            p < spec.cells() || lane.uniform(row) < (float) Math.pow(row + 1, -spec.rowZipf());
        assertThat(rare.targets()[n][q])
            .as("target at position %d of sequence %d", p, n)
            .isEqualTo(kept ? all.targets()[n][q] : -1);
        assertThat(all.targets()[n][q]).isNotNegative();
      }
    }
  }

  @Property(tries = 100)
  void the_first_row_is_scored_always_so_that_no_sequence_is_empty(
      @ForAll("maps") LinearMap spec, @ForAll int seed) {
    int first = spec.scored() == Scored.ALL ? spec.cells() - 1 : 0;
    for (int[] targets : drawn(zipf(spec, 4), seed, COUNT).targets()) {
      assertThat(targets[first]).isNotNegative();
    }
  }

  @Example
  void each_row_is_scored_as_often_as_the_law_says_and_by_itself() {
    for (double exponent : new double[] {0.5, 1, 2}) {
      LinearMap spec = hidden(5, exponent);
      int[][] targets = drawn(spec, 17, MANY).targets();
      for (int row = 0; row < 5; row++) {
        double p = Math.pow(row + 1, -exponent);
        Chance.assertBinomial("row " + row + " at " + exponent, count(targets, row, 0), MANY, p);
        for (int other = 1; other < row; other++) {
          double both = p * Math.pow(other + 1, -exponent);
          Chance.assertBinomial("both rows", count(targets, row, other), MANY, both);
        }
      }
    }
  }

  /** Sequences in which both rows are scored. */
  private static long count(int[][] targets, int row, int other) {
    return Arrays.stream(targets).filter(t -> t[row] >= 0 && t[other] >= 0).count();
  }

  private static LinearMap hidden(int cells, double exponent) {
    return Defaults.with(
        LinearMap.class,
        Map.of(
            "cells",
            cells,
            "parents",
            2,
            "scored",
            Scored.OUTPUTS,
            "outputs_hidden",
            true,
            "row_zipf",
            exponent));
  }

  private static RunConfig config(String zipf) {
    return Configs.plain(
        "{kind: linear_map, cells: 5, parents: 2, row_zipf: " + zipf + "}",
        "measurement.test_sets={test: {}, weighted: {row_zipf: as_trained}, two: {row_zipf: 2}}");
  }

  /** How often each row is scored, of a batch. */
  private static int[] scored(Drawn drawn) {
    int[] counts = new int[5];
    for (int i = 0; i < drawn.target().length; i++) {
      int position = i % drawn.outputs() + 1;
      counts[position % 5] += position >= 5 && drawn.target()[i] >= 0 ? 1 : 0;
    }
    return counts;
  }

  @Example
  void test_sets_score_all_rows_unless_they_have_a_law_of_their_own() {
    int samples = 4000;
    try (Lab lab = Lab.of(config("1"), 4);
        Lab always = Lab.of(config("0"), 4)) {
      assertThat(lab.test("test", samples, 0).same(always.test("test", samples, 0))).isTrue();
      assertThat(always.test("weighted", samples, 0).same(always.test("test", samples, 0)))
          .isTrue();
      assertThat(lab.test("two", samples, 0).same(always.test("two", samples, 0))).isTrue();
      assertThat(scored(lab.test("test", samples, 0))).containsOnly(samples);
      assertThat(scored(always.training(samples, 1))).containsOnly(samples);
      Map<Double, Drawn> drawn =
          Map.of(
              1.0,
              lab.training(samples, 0),
              1.0 + 1e-9,
              lab.test("weighted", samples, 0),
              2.0,
              lab.test("two", samples, 0));
      drawn.forEach(
          (exponent, batch) -> {
            for (int row = 0; row < 5; row++) {
              double p = Math.pow(row + 1, -exponent);
              Chance.assertBinomial("row " + row, scored(batch)[row], samples, p);
            }
          });
    }
  }

  @Example
  void a_sequence_of_a_data_set_has_the_same_rows_scored_whenever_it_is_drawn() {
    RunConfig few =
        Configs.plain(
            "{kind: linear_map, cells: 5, parents: 2, row_zipf: 1}", "repetition.dataset=4");
    try (Lab lab = Lab.of(few, 4)) {
      Map<List<Integer>, Set<List<Integer>>> targets = new HashMap<>();
      for (int step = 0; step < 20; step++) {
        Drawn drawn = lab.training(8, step);
        for (int n = 0; n < 8; n++) {
          targets
              .computeIfAbsent(integers(drawn.sequence(n)), any -> new HashSet<>())
              .add(integers(drawn.target(n)));
        }
      }
      assertThat(targets).hasSize(4);
      assertThat(targets.values()).allMatch(same -> same.size() == 1);
      assertThat(targets.values()).anyMatch(same -> same.iterator().next().contains(-1));
    }
  }

  private static List<Integer> integers(double[] values) {
    return Arrays.stream(values).mapToObj(v -> (int) v).toList();
  }

  /** A run that takes another's place brings its own matrix into every test set. */
  @Example
  void a_test_set_has_the_matrix_of_its_run_after_a_change_too() {
    try (Lab lab = Lab.of(config("1"), 4);
        Lab other = Lab.of(config("1"), 9)) {
      Batch weighted = lab.task().test("weighted", 50);
      lab.draw(weighted, 0, 0);
      lab.task().enter(0, new Replica(config("1"), 9));
      Drawn entered = lab.draw(weighted, 0, 0);
      assertThat(entered.same(other.test("weighted", 50, 0))).isTrue();
      assertThat(entered.input()).isEqualTo(other.test("test", 50, 0).input());
    }
  }

  /** The loss of whoever guesses all but some rows, over sequences that were drawn. */
  @Property(tries = 20)
  void levels_count_targets_as_often_as_they_are_scored(
      @ForAll("maps") LinearMap drawn, @ForAll int seed) {
    LinearMap spec = Defaults.change(drawn, Map.of("states", 2));
    int first = spec.scored() == Scored.ALL ? spec.cells() - 1 : 0;
    long[] counts = new long[spec.predicts().scored().count()];
    for (int[] targets : drawn(spec, seed, MANY).targets()) {
      for (int q = 0; q < targets.length; q++) {
        counts[q] += targets[q] >= 0 ? 1 : 0;
      }
    }
    List<Level> levels = task(spec, seed).levels("weighted");
    double all = Arrays.stream(counts).sum();
    double bit = Math.log(spec.modulus());
    for (int known = 1; known <= spec.written(); known++) {
      double unknown = all - Arrays.stream(counts, first, first + known).sum();
      String name = known == spec.written() ? "oracle" : "rows_" + known;
      assertThat(level(levels, name)).as(name).isCloseTo(bit * unknown / all, within(0.01 * bit));
    }
  }

  private static double level(List<Level> levels, String name) {
    return levels.stream()
        .filter(l -> l.name().equals(name) && l.metric().equals("loss"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** Levels of a test set are those of its own law, not of the training's. */
  @Example
  void levels_are_those_of_the_test_set() {
    try (Lab lab = Lab.of(config("1"), 4);
        Lab always = Lab.of(config("0"), 4)) {
      assertThat(lab.task().levels(0, "test")).isEqualTo(always.task().levels(0, "test"));
      assertThat(lab.task().levels(0, "two")).isEqualTo(always.task().levels(0, "two"));
      double bit = Math.log(2);
      double rows = 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0;
      List<Level> weighted = lab.task().levels(0, "weighted");
      assertThat(level(weighted, "oracle")).isCloseTo(bit * 4 / (4 + rows), within(1e-12));
      assertThat(level(weighted, "rows_2"))
          .isCloseTo(bit * (2.5 + rows) / (4 + rows), within(1e-12));
      assertThat(level(weighted, "blind")).isEqualTo(bit);
      assertThat(Tasks.levels(new Replica(config("1"), 4), "weighted")).isEqualTo(weighted);
    }
  }
}
