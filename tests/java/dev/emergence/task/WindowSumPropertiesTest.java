package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.Slice;
import dev.emergence.spec.Span;
import dev.emergence.spec.WindowSum;
import dev.emergence.spec.WindowSum.Scored;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Moving-window sums: each follows from its window, and from the sum before it. */
class WindowSumPropertiesTest {
  private static final int COUNT = 6;

  @Provide
  Arbitrary<WindowSum> sums() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 12),
            Arbitraries.integers().between(1, 12),
            Arbitraries.integers().between(3, 19),
            Arbitraries.of(Scored.class))
        .as(WindowSum::new)
        .filter(s -> s.window() <= s.numbers());
  }

  private static Sampled drawn(WindowSum spec, int seed, int count) {
    return Sampled.of(new WindowSumSequences(spec), spec.predicts(), seed, 2, count);
  }

  @Property(tries = 300)
  void outputs_are_sums_of_the_numbers_to_which_the_query_before_them_attends(
      @ForAll("sums") WindowSum spec, @ForAll int seed) {
    int n = spec.numbers();
    Attends parents = new WindowSumSequences(spec).attends().get(0);
    assertThat(parents.queries()).containsExactly(IntStream.range(n, 2 * n).toArray());
    for (int[] x : drawn(spec, seed, COUNT).tokens()) {
      assertThat(x).hasSize(2 * n + 1);
      assertThat(Arrays.stream(x, 0, n)).allMatch(v -> v >= 1 && v < spec.modulus());
      assertThat(x[n]).isEqualTo(spec.modulus());
      assertThat(x[n + 1]).isEqualTo(x[0]);
      for (int e = 0; e < n; e++) {
        int[] keys = parents.keys()[e];
        int sum = Arrays.stream(keys).map(key -> x[key]).sum();
        assertThat(x[parents.queries()[e] + 1]).isEqualTo(sum % spec.modulus());
        assertThat(keys).hasSize(Math.min(e + 1, spec.window())).isSorted();
        assertThat(keys[keys.length - 1]).isEqualTo(e);
      }
    }
  }

  @Property(tries = 300)
  void outputs_also_follow_from_the_one_before_and_the_numbers_that_enter_and_leave(
      @ForAll("sums") WindowSum spec, @ForAll int seed) {
    int n = spec.numbers();
    for (int[] x : drawn(spec, seed, COUNT).tokens()) {
      for (int i = 1; i < n; i++) {
        int left = i < spec.window() ? 0 : x[i - spec.window()];
        int now = Math.floorMod(x[n + i] + x[i] - left, spec.modulus());
        assertThat(x[n + 1 + i]).isEqualTo(now);
      }
    }
  }

  @Property(tries = 300)
  void targets_are_next_tokens_and_slices_name_the_outputs(
      @ForAll("sums") WindowSum spec, @ForAll int seed) {
    int n = spec.numbers();
    Span scored = spec.predicts().scored();
    assertThat(scored.first()).isEqualTo(spec.scored() == Scored.ALL ? 0 : n);
    assertThat(scored.end()).isEqualTo(2 * n);
    Sampled drawn = drawn(spec, seed, COUNT);
    for (int s = 0; s < COUNT; s++) {
      int[] x = drawn.tokens()[s];
      assertThat(drawn.targets()[s])
          .containsExactly(Arrays.copyOfRange(x, scored.first() + 1, scored.end() + 1));
      for (Slice slice : spec.predicts().slices()) {
        int row = slice.name().equals("out") ? 0 : Integer.parseInt(slice.name().substring(4));
        assertThat(scored.first() + slice.first() + 1).isEqualTo(n + 1 + row);
        assertThat(slice.count()).isEqualTo(slice.name().equals("out") ? n : 1);
      }
    }
    assertThat(spec.predicts().slices()).hasSize(n + 1);
  }

  /** All sequences of numbers are counted. */
  @Property(tries = 60)
  void levels_are_those_of_all_sequences(@ForAll("few") WindowSum spec) {
    int n = spec.numbers();
    int p = spec.modulus();
    double[][] laws = laws(spec);
    double numbers = spec.scored() == Scored.ALL ? (n - 1) * Math.log(p - 1) : 0;
    double hits = spec.scored() == Scored.ALL ? (n - 1.0) / (p - 1) + 1 : 0;
    int scored = spec.predicts().scored().count();
    assertThat(level(spec, "oracle", "loss")).isCloseTo(numbers / scored, within(1e-12));
    assertThat(level(spec, "oracle", "accuracy")).isCloseTo((hits + n) / scored, within(1e-12));
    for (int rows = 1; rows < n; rows++) {
      double loss = numbers;
      double right = hits + rows;
      for (int row = rows; row < n; row++) {
        loss += entropy(laws[row]);
        right += Arrays.stream(laws[row]).max().orElseThrow();
      }
      assertThat(level(spec, "rows_" + rows, "loss")).isCloseTo(loss / scored, within(1e-12));
      assertThat(level(spec, "rows_" + rows, "accuracy")).isCloseTo(right / scored, within(1e-12));
    }
    int classes = spec.predicts().outputs();
    assertThat(level(spec, "blind", "loss")).isCloseTo(Math.log(classes), within(1e-12));
    assertThat(level(spec, "blind", "accuracy")).isCloseTo(1.0 / classes, within(1e-12));
    double[] often = often(spec, laws);
    assertThat(level(spec, "unigram", "loss")).isCloseTo(entropy(often), within(1e-12));
    assertThat(level(spec, "unigram", "accuracy"))
        .isCloseTo(Arrays.stream(often).max().orElseThrow(), within(1e-12));
  }

  @Provide
  Arbitrary<WindowSum> few() {
    return sums().filter(s -> Math.pow(s.modulus() - 1, s.numbers()) < 20_000);
  }

  /** How often each output is each number, over all numbers that can be summed. */
  private static double[][] laws(WindowSum spec) {
    int n = spec.numbers();
    int each = spec.modulus() - 1;
    int all = (int) Math.round(Math.pow(each, n));
    double[][] laws = new double[n][spec.modulus()];
    for (int code = 0; code < all; code++) {
      int[] x = new int[n];
      for (int i = 0, rest = code; i < n; i++, rest /= each) {
        x[i] = 1 + rest % each;
      }
      for (int i = 0; i < n; i++) {
        int sum = Arrays.stream(x, Math.max(0, i + 1 - spec.window()), i + 1).sum();
        laws[i][sum % spec.modulus()] += 1.0 / all;
      }
    }
    return laws;
  }

  /** How often each class is asked for. */
  private static double[] often(WindowSum spec, double[][] laws) {
    int scored = spec.predicts().scored().count();
    double[] often = new double[spec.modulus() + 1];
    for (double[] law : laws) {
      for (int c = 0; c < law.length; c++) {
        often[c] += law[c] / scored;
      }
    }
    if (spec.scored() == Scored.ALL) {
      often[spec.modulus()] = 1.0 / scored;
      for (int c = 1; c < spec.modulus(); c++) {
        often[c] += (spec.numbers() - 1.0) / (spec.modulus() - 1) / scored;
      }
    }
    return often;
  }

  private static double entropy(double[] law) {
    return -Arrays.stream(law).filter(q -> q > 0).map(q -> q * Math.log(q)).sum();
  }

  private static double level(WindowSum spec, String name, String metric) {
    return new WindowSumSequences(spec)
        .levels("test").stream()
            .filter(l -> l.name().equals(name) && l.metric().equals(metric))
            .findFirst()
            .orElseThrow()
            .value();
  }

  @Example
  void numbers_are_uniform() {
    WindowSum spec = new WindowSum(4, 2, 6, Scored.OUTPUTS);
    long[] counts = new long[5 * 4];
    for (int[] x : drawn(spec, 3, 12_000).tokens()) {
      for (int i = 0; i < 4; i++) {
        counts[5 * i + x[i] - 1]++;
      }
    }
    Chance.assertUniform("numbers", counts);
  }

  /** n = 16 numbers from 1 to 16, in windows of 2, modulo 17. */
  @Example
  void the_papers_task_is_the_default() {
    WindowSum spec = new WindowSum(16, 2, 17, Scored.OUTPUTS);
    assertThat(spec.predicts().inputs()).isEqualTo(18);
    assertThat(spec.predicts().outputs()).isEqualTo(17);
    assertThat(new WindowSum(16, 2, 17, Scored.ALL).predicts().outputs()).isEqualTo(18);
    double second = 1.0 / 16 * Math.log(16) - 16 * 15.0 / 256 * Math.log(15.0 / 256);
    assertThat(level(spec, "rows_1", "loss")).isCloseTo(15 * second / 16, within(1e-12));
  }
}
