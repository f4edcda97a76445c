package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Place;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for training on a data set of a fixed size. */
class DatasetPropertiesTest {
  private static final int SAMPLES = 16;

  /** 6 pairs of 60 tokens: two sequences of a stream are never equal by chance. */
  private static RunConfig recall(String dataset) {
    return Configs.recall("task.pairs=6", "task.tokens=60", "repetition.dataset=" + dataset);
  }

  private static Set<List<Double>> drawn(RunConfig config, int seed, int batches) {
    Set<List<Double>> different = new HashSet<>();
    try (Lab lab = Lab.of(config, seed)) {
      Batch batch = lab.task().training(SAMPLES);
      for (int step = 1; step <= batches; step++) {
        Drawn drawn = lab.draw(batch, step, 0);
        for (int n = 0; n < SAMPLES; n++) {
          different.add(listed(drawn.sequence(n)));
        }
      }
    }
    return different;
  }

  private static List<Double> listed(double[] sequence) {
    return Arrays.stream(sequence).boxed().toList();
  }

  @Property(tries = 20, seed = "31")
  void exactly_as_many_sequences_occur_as_the_set_holds(
      @ForAll @IntRange(min = 1, max = 12) int size, @ForAll int seed) {
    assertThat(drawn(recall("" + size), seed, 20)).hasSize(size);
  }

  @Property(tries = 10, seed = "32")
  void a_larger_set_holds_a_smaller_one(@ForAll int seed) {
    assertThat(drawn(recall("12"), seed, 20)).containsAll(drawn(recall("5"), seed, 20));
  }

  @Example
  void of_a_very_large_set_and_of_endless_data_nothing_comes_twice() {
    assertThat(drawn(recall("1073741824"), 3, 40)).hasSize(40 * SAMPLES);
    assertThat(drawn(recall("endless"), 3, 40)).hasSize(40 * SAMPLES);
  }

  @Example
  void tests_hold_sequences_that_are_not_in_the_set() {
    Set<List<Double>> set = drawn(recall("12"), 3, 20);
    try (Lab lab = Lab.of(recall("12"), 3)) {
      Drawn test = lab.test("test", SAMPLES, 1);
      for (int n = 0; n < SAMPLES; n++) {
        assertThat(set).doesNotContain(listed(test.sequence(n)));
      }
    }
  }

  @Property(tries = 200, seed = "33")
  void endless_data_are_drawn_at_their_own_place_and_a_set_lies_in_batch_0(
      @ForAll int seed, @ForAll int step, @ForAll @IntRange(min = 1) int size) {
    RandomStream stream = RandomStream.of(seed, Purpose.DATA);
    assertThat(stream.place(0, step, 7)).isEqualTo(new Place(step, 7));
    Place place = stream.place(size, step, 7);
    assertThat(place.step()).isZero();
    assertThat(place.sample()).isBetween(0, size - 1);
  }

  @Example
  void every_sequence_of_a_set_is_as_likely_as_any_other() {
    int[] counts = new int[10];
    RandomStream stream = RandomStream.of(5, Purpose.DATA);
    for (int step = 0; step < 1000; step++) {
      for (int n = 0; n < 32; n++) {
        counts[stream.place(10, step, n).sample()]++;
      }
    }
    double square =
        Arrays.stream(counts).mapToDouble(c -> (c - 3200.0) * (c - 3200.0) / 3200.0).sum();
    // 27.9 is the 99.9 % quantile of chi squared with 9 degrees of freedom.
    assertThat(square).isLessThan(27.9);
  }

  /** What {@code explain training} and beyond/small-sets.yaml say. */
  @Example
  void of_a_task_with_few_inputs_a_test_set_shares_as_many_with_the_set_as_it_holds() {
    RunConfig parity = Configs.plain("{kind: linear_map, cells: 12, parents: 3, outputs: 1}");
    Set<List<Double>> set = new HashSet<>();
    try (Lab lab = Lab.of(parity, 3)) {
      // A data set is the first sequences of batch 0.
      Drawn first = lab.training(2048, 0);
      IntStream.range(0, 2048).forEach(n -> set.add(listed(first.sequence(n))));
      assertThat(set.size() / 4096.0).isCloseTo(0.39, within(0.01));
      Drawn test = lab.test("test", 2000, 0);
      long shared =
          IntStream.range(0, 2000).filter(n -> set.contains(listed(test.sequence(n)))).count();
      Chance.assertBinomial("tests in the set", shared, 2000, set.size() / 4096.0);
    }
  }
}
