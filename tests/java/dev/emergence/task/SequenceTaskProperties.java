package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.Slice;
import dev.emergence.spec.TaskSpec;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * What every task in plain Java must keep, whatever its settings: a public test kit, run with jqwik
 * for each kind. Extend it, say which kind and which settings, and add the invariants of your own.
 *
 * @param <S> the record that describes the task
 */
public abstract class SequenceTaskProperties<S extends Record & TaskSpec> {
  private static final int COUNT = 5;

  /** The kind under test. */
  protected abstract TaskKind<S> kind();

  /** Settings that a file may have; {@link Specs} makes them from the keys. */
  @Provide
  protected abstract Arbitrary<S> settings();

  /** The task of a seed. */
  protected final SequenceTask task(S spec, int seed) {
    return kind().create(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private Sampled sampled(S spec, int seed, int step, int count) {
    return Sampled.of(task(spec, seed), spec.predicts(), seed, step, count);
  }

  @Property(tries = 100)
  void a_sequence_is_a_function_of_stream_step_and_number_alone(
      @ForAll("settings") S spec,
      @ForAll int seed,
      @ForAll @IntRange(max = Integer.MAX_VALUE - 7) int step) {
    Sampled want = sampled(spec, seed, step, COUNT);
    SequenceTask task = task(spec, seed);
    Sampled.of(task, spec.predicts(), seed + 1, step + 7, 3);
    assertThat(Sampled.of(task, spec.predicts(), seed, step, COUNT).same(want)).isTrue();
    Sampled fewer = sampled(spec, seed, step, 2);
    for (int n = 0; n < 2 && spec.predicts().discrete(); n++) {
      assertThat(fewer.tokens()[n]).containsExactly(want.tokens()[n]);
    }
  }

  @Property(tries = 100)
  void every_token_and_target_is_written_and_in_range(
      @ForAll("settings") S spec, @ForAll int seed) {
    requireWritten(spec.predicts(), sampled(spec, seed, 1, COUNT));
    SequenceTask tests = task(spec, seed).tests();
    requireWritten(spec.predicts(), Sampled.of(tests, spec.predicts(), seed, 1, COUNT));
  }

  private static void requireWritten(Prediction shape, Sampled drawn) {
    for (int[] tokens : drawn.tokens()) {
      assertThat(tokens).hasSize(shape.length());
      assertThat(Arrays.stream(tokens)).allMatch(t -> t >= 0 && t < shape.inputs());
    }
    for (int[] targets : drawn.targets()) {
      assertThat(targets).hasSize(shape.scored().count());
      assertThat(Arrays.stream(targets)).allMatch(t -> t >= -1 && t < shape.outputs());
    }
    for (float[] numbers : drawn.vectors()) {
      assertThat(numbers).hasSize(shape.length() * shape.inputs());
      assertFinite(numbers);
    }
    for (float[] numbers : drawn.wanted()) {
      assertThat(numbers).hasSize(shape.scored().count() * shape.outputs());
      assertFinite(numbers);
    }
  }

  private static void assertFinite(float[] numbers) {
    for (float number : numbers) {
      assertThat(number).isFinite();
    }
  }

  @Property(tries = 100)
  void attention_looks_at_positions_of_the_sequence_that_are_not_later(
      @ForAll("settings") S spec, @ForAll int seed) {
    int length = spec.predicts().length();
    for (Attends fixed : task(spec, seed).attends()) {
      for (int e = 0; e < fixed.queries().length; e++) {
        int query = fixed.queries()[e];
        assertThat(query).isBetween(0, length - 1);
        assertThat(fixed.keys()[e]).doesNotHaveDuplicates();
        assertThat(Arrays.stream(fixed.keys()[e])).allMatch(key -> key >= 0 && key <= query);
      }
    }
    for (int[][][] kind : sampled(spec, seed, 1, COUNT).attention()) {
      for (int[][] sequence : kind) {
        for (int[] entry : sequence) {
          assertThat(entry[0]).isBetween(-1, length - 1);
          assertThat(Arrays.stream(entry).skip(1)).allMatch(key -> key >= -1 && key <= entry[0]);
        }
      }
    }
  }

  @Property(tries = 50)
  void seeds_differ_where_there_is_anything_to_draw(@ForAll("settings") S spec, @ForAll int seed) {
    boolean differs = false;
    for (int step = 0; step < 40 && !differs; step++) {
      Sampled one = Sampled.of(task(spec, seed), spec.predicts(), seed, step, COUNT);
      differs = !one.same(Sampled.of(task(spec, seed), spec.predicts(), seed + 1, step, COUNT));
    }
    assertThat(differs).isTrue();
  }

  @Property(tries = 30)
  void the_oracle_comes_first_and_no_guess_beats_it(@ForAll("settings") S spec, @ForAll int seed) {
    List<Level> levels = task(spec, seed).tests().levels("test");
    assertThat(levels.get(0).name()).isEqualTo("oracle");
    boolean classes = spec.predicts().loss() == Loss.CROSS_ENTROPY;
    for (String metric : classes ? List.of("loss", "accuracy") : List.of("loss")) {
      List<Level> same = levels.stream().filter(l -> l.metric().equals(metric)).toList();
      assertThat(same)
          .extracting(Level::name)
          .as("names of the levels of %s (see SequenceTask.levels)", metric)
          .contains("oracle", "blind")
          .doesNotHaveDuplicates();
      double sign = metric.equals("accuracy") ? -1 : 1;
      double oracle = sign * same.get(0).value();
      // Levels that are estimated may miss by what chance does.
      assertThat(same).allMatch(l -> sign * l.value() >= oracle - 0.05, "no better than " + oracle);
    }
    if (classes) {
      Level blind = level(levels, "blind", "loss");
      assertThat(blind.value())
          .as("loss of blind, to which all classes are equally likely (see SequenceTask.levels)")
          .isEqualTo(Math.log(spec.predicts().outputs()));
    }
  }

  private static Level level(List<Level> levels, String name, String metric) {
    return levels.stream()
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  @Property(tries = 100)
  void slices_have_names_of_their_own(@ForAll("settings") S spec) {
    assertThat(spec.predicts().slices()).extracting(Slice::name).doesNotHaveDuplicates();
  }
}
