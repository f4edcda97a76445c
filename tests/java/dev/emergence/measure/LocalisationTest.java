package dev.emergence.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bracket of a crossing, with few steps read. */
class LocalisationTest {
  /** 0, 1, 2, 4, ..., 512, 1000, 2000, ..., 143000, as Pythia has them. */
  private static List<Long> pythia() {
    List<Long> steps = new ArrayList<>(List.of(0L));
    LongStream.iterate(1, s -> s <= 512, s -> 2 * s).forEach(steps::add);
    LongStream.rangeClosed(1, 143).map(s -> 1000 * s).forEach(steps::add);
    return steps;
  }

  /** With a coarse look in doublings, as public checkpoints are searched. */
  private static Localisation search(
      List<Long> steps, Localisation.Values<RuntimeException> values, double level) {
    return Localisation.search(steps, Localisation.doubling(steps), values, v -> v > level);
  }

  @Property(tries = 200)
  void a_step_function_is_found_between_neighbours_with_few_readings(
      @ForAll @IntRange(min = 1, max = 153) int where) {
    List<Long> steps = pythia();
    List<Long> read = new ArrayList<>();
    Localisation found =
        search(
            steps,
            step -> {
              read.add(step);
              return OptionalDouble.of(steps.indexOf(step) >= where ? 0.9 : 0.1);
            },
            0.5);
    assertThat(found.before()).hasValue(steps.get(where - 1));
    assertThat(found.after()).hasValue(steps.get(where));
    assertThat(found.middle()).hasValue((steps.get(where - 1) + steps.get(where)) / 2.0);
    assertThat(found.recrossings()).isZero();
    assertThat(found.unread()).isEmpty();
    assertThat(read).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(27);
  }

  @Property(tries = 200)
  void what_cannot_be_read_widens_the_bracket_and_is_named(
      @ForAll @IntRange(min = 1, max = 153) int where,
      @ForAll @IntRange(min = 0, max = 153) int firstGap,
      @ForAll @IntRange(min = 0, max = 20) int gap) {
    List<Long> steps = pythia();
    TreeSet<Long> gone = new TreeSet<>();
    IntStream.range(firstGap, Math.min(154, firstGap + gap)).forEach(i -> gone.add(steps.get(i)));
    Localisation found =
        search(
            steps,
            step ->
                gone.contains(step)
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(steps.indexOf(step) >= where ? 0.9 : 0.1),
            0.5);
    List<Long> left = steps.stream().filter(s -> !gone.contains(s)).toList();
    List<Long> below = left.stream().filter(s -> steps.indexOf(s) < where).toList();
    List<Long> passing = left.stream().filter(s -> steps.indexOf(s) >= where).toList();
    assertThat(found.after().isPresent()).isEqualTo(!passing.isEmpty());
    if (!passing.isEmpty()) {
      assertThat(found.after()).hasValue(passing.get(0));
      assertThat(found.before().isPresent()).isEqualTo(!below.isEmpty());
      long from = below.isEmpty() ? -1 : below.get(below.size() - 1);
      assertThat(found.unread())
          .containsExactlyElementsOf(gone.subSet(from, false, passing.get(0), false));
    }
  }

  @Example
  void what_passes_only_before_a_damaged_end_is_found() {
    List<Long> steps = List.of(0L, 10L, 20L, 30L, 40L, 50L);
    Localisation found =
        search(
            steps,
            s -> s == 50 ? OptionalDouble.empty() : OptionalDouble.of(s == 40 ? 0.9 : 0.1),
            0.5);
    assertThat(found.before()).hasValue(30);
    assertThat(found.after()).hasValue(40);
  }

  @Example
  void a_measure_that_falls_again_is_counted() {
    List<Long> steps = List.of(0L, 10L, 20L, 40L, 80L, 160L, 320L);
    List<Double> values = List.of(0.0, 0.1, 0.8, 0.3, 0.9, 0.2, 0.7);
    Localisation found = search(steps, s -> OptionalDouble.of(values.get(steps.indexOf(s))), 0.5);
    assertThat(found.before()).hasValue(10);
    assertThat(found.after()).hasValue(20);
    assertThat(found.recrossings()).isEqualTo(2);
  }

  @Example
  void what_never_passes_is_unreached_and_what_passes_at_once_has_no_lower_end() {
    Localisation never = search(List.of(0L, 5L, 9L), s -> OptionalDouble.of(0.5), 0.5);
    assertThat(never.after()).isEmpty();
    assertThat(never.last()).isEqualTo(9);
    Localisation atOnce = search(List.of(0L, 5L, 9L), s -> OptionalDouble.of(0.6), 0.5);
    assertThat(atOnce.after()).hasValue(0);
    assertThat(atOnce.before()).isEmpty();
    Localisation none = search(List.of(0L, 5L), s -> OptionalDouble.empty(), 0.5);
    assertThat(none.values()).isEmpty();
  }

  @Example
  void the_coarse_grid_has_the_ends_and_one_step_a_doubling() {
    assertThat(Localisation.doubling(pythia()))
        .startsWith(0L, 1L, 2L, 4L, 8L)
        .contains(512L, 2000L, 4000L, 128000L)
        .endsWith(143000L)
        .hasSizeLessThan(22);
  }

  @Property
  void one_crossing_is_found_with_few_readings_after_an_even_coarse_look(
      @ForAll @IntRange(min = 1, max = 5000) int count,
      @ForAll @IntRange(min = 2, max = 40) int coarse,
      @ForAll @IntRange(min = 0, max = 6000) int first) {
    List<Long> steps = LongStream.range(0, count).mapToObj(i -> 10 * i).toList();
    List<Long> read = new ArrayList<>();
    Localisation.Values<RuntimeException> values =
        step -> {
          read.add(step);
          return OptionalDouble.of(step >= 10L * first ? 1 : 0);
        };
    Localisation found =
        Localisation.search(steps, Localisation.evenly(steps, coarse), values, v -> v > 0.5);
    boolean passed = first < count;
    assertThat(found.after())
        .isEqualTo(passed ? OptionalLong.of(10L * first) : OptionalLong.empty());
    assertThat(found.before())
        .isEqualTo(passed && first > 0 ? OptionalLong.of(10L * (first - 1)) : OptionalLong.empty());
    assertThat(found.recrossings()).isZero();
    assertThat(found.last()).isEqualTo(steps.get(count - 1));
    int bisected = 33 - Integer.numberOfLeadingZeros(count);
    assertThat(read)
        .doesNotHaveDuplicates()
        .hasSizeLessThanOrEqualTo(coarse + bisected)
        .hasSize(found.values().size());
  }

  @Example
  void a_number_that_is_none_does_not_pass() {
    Localisation found = search(List.of(0L, 1L, 2L), step -> OptionalDouble.of(Double.NaN), 0.5);
    assertThat(found.after()).isEmpty();
    assertThat(found.last()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"4, 0 30 60 90", "3, 0 40 90", "2, 0 90", "10, 0 10 20 30 40 50 60 70 80 90"})
  void steps_are_chosen_evenly_with_both_ends(int count, String chosen) {
    List<Long> steps = LongStream.range(0, 10).mapToObj(i -> 10 * i).toList();
    List<Long> expected = Arrays.stream(chosen.split(" ")).map(Long::valueOf).toList();
    assertThat(Localisation.evenly(steps, count)).isEqualTo(expected);
    assertThat(Localisation.evenly(steps, count + 10)).isEqualTo(steps);
    assertThat(Localisation.evenly(List.of(7L), count)).containsExactly(7L);
  }
}
