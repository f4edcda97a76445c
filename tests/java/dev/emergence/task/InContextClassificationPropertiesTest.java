package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.InContextClassification;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Classification in context: where the label of the query stands, and where it does not. */
class InContextClassificationPropertiesTest {
  private static final int COUNT = 8;

  /** Without noise, so that items of one class are equal and those of two classes are not. */
  @Provide
  static Arbitrary<InContextClassification> clear() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(2, 20),
            Arbitraries.integers().between(2, 9),
            Arbitraries.integers().between(2, 6),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 2))
        .as(
            (each, b, classes, labels, dim, share, zipf) ->
                new InContextClassification(each * b, classes, labels, dim, 0, b, share, zipf))
        .filter(s -> s.labels() <= s.classes() && s.contextClasses() < s.classes());
  }

  private static InContextClassificationSequences task(InContextClassification spec, int seed) {
    return InContextClassificationSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static Sampled drawn(
      InContextClassification spec, SequenceTask task, int seed, int count) {
    return Sampled.of(task, spec.predicts(), seed, 2, count);
  }

  private static float[] vector(InContextClassification spec, Sampled drawn, int n, int position) {
    int at = position * spec.dim();
    return Arrays.copyOfRange(drawn.vectors()[n], at, at + spec.dim());
  }

  /** Which label a vector stands for. */
  private static int label(InContextClassification spec, LabelledClasses known, float[] vector) {
    return IntStream.range(0, spec.labels())
        .filter(
            l ->
                IntStream.range(0, spec.dim())
                    .allMatch(i -> vector[i] == (float) known.vector(l, i)))
        .findFirst()
        .orElseThrow();
  }

  /** Which class an item is of; -1 if none. */
  private static int classOf(InContextClassification spec, LabelledClasses known, float[] vector) {
    return IntStream.range(0, spec.classes())
        .filter(
            k ->
                IntStream.range(0, spec.dim()).allMatch(i -> vector[i] == (float) known.mean(k, i)))
        .findFirst()
        .orElse(-1);
  }

  /** Positions of the items that are equal to the query. */
  private static int[] same(InContextClassification spec, Sampled drawn, int n) {
    float[] query = vector(spec, drawn, n, 2 * spec.pairs());
    return IntStream.range(0, spec.pairs())
        .map(j -> 2 * j)
        .filter(p -> Arrays.equals(vector(spec, drawn, n, p), query))
        .toArray();
  }

  @Property(tries = 200)
  void attention_goes_to_the_labels_of_the_items_that_equal_the_query(
      @ForAll("clear") InContextClassification spec, @ForAll int seed) {
    InContextClassificationSequences task = task(spec, seed);
    for (SequenceTask each :
        new SequenceTask[] {task, task.prompts("novel"), task.prompts("swapped")}) {
      Sampled drawn = drawn(spec, each, seed, COUNT);
      for (int n = 0; n < COUNT; n++) {
        int[] items = same(spec, drawn, n);
        assertThat(items.length).isIn(each == task ? 0 : spec.burstiness(), spec.burstiness());
        int[] parents = drawn.attention()[0][n][0];
        int[] places = Arrays.stream(parents).skip(1).filter(p -> p >= 0).toArray();
        assertThat(places).containsExactly(Arrays.stream(items).map(p -> p + 1).toArray());
        for (int i = 0; i < items.length; i++) {
          assertThat(parents[0]).isEqualTo(2 * spec.pairs());
          assertThat(drawn.attention()[1][n][i]).containsExactly(items[i] + 1, items[i]);
          int label = label(spec, task.known(), vector(spec, drawn, n, items[i] + 1));
          assertThat(drawn.targets()[n][0]).isEqualTo(label);
        }
      }
    }
  }

  @Property(tries = 200)
  void each_class_of_a_context_occurs_equally_often_with_its_label(
      @ForAll("clear") InContextClassification spec, @ForAll int seed) {
    InContextClassificationSequences task = task(spec, seed);
    Sampled drawn = drawn(spec, task, seed, COUNT);
    for (int n = 0; n < COUNT; n++) {
      Map<Integer, Integer> counts = new HashMap<>();
      for (int j = 0; j < spec.pairs(); j++) {
        int k = classOf(spec, task.known(), vector(spec, drawn, n, 2 * j));
        counts.merge(k, 1, Integer::sum);
        assertThat(label(spec, task.known(), vector(spec, drawn, n, 2 * j + 1)))
            .isEqualTo(task.known().label(k));
      }
      assertThat(counts).hasSize(spec.contextClasses()).doesNotContainKey(-1);
      assertThat(counts.values()).allMatch(count -> count == spec.burstiness());
      int asked = classOf(spec, task.known(), vector(spec, drawn, n, 2 * spec.pairs()));
      assertThat(drawn.targets()[n][0]).isEqualTo(task.known().label(asked));
    }
  }

  @Property(tries = 200)
  void prompts_ask_for_what_they_say(
      @ForAll("clear") InContextClassification spec, @ForAll int seed) {
    InContextClassificationSequences task = task(spec, seed);
    Sampled novel = drawn(spec, task.prompts("novel"), seed, COUNT);
    Sampled swapped = drawn(spec, task.prompts("swapped"), seed, COUNT);
    Sampled memory = drawn(spec, task.prompts("memory"), seed, COUNT);
    int query = 2 * spec.pairs();
    for (int n = 0; n < COUNT; n++) {
      for (int j = 0; j < spec.pairs(); j++) {
        assertThat(classOf(spec, task.known(), vector(spec, novel, n, 2 * j))).isEqualTo(-1);
        int k = classOf(spec, task.known(), vector(spec, swapped, n, 2 * j));
        assertThat(label(spec, task.known(), vector(spec, swapped, n, 2 * j + 1)))
            .isNotEqualTo(task.known().label(k));
      }
      int asked = classOf(spec, task.known(), vector(spec, swapped, n, query));
      assertThat(swapped.foils()[n][0]).isEqualTo(task.known().label(asked));
      assertThat(same(spec, memory, n)).isEmpty();
      int remembered = classOf(spec, task.known(), vector(spec, memory, n, query));
      assertThat(memory.targets()[n][0]).isEqualTo(task.known().label(remembered));
      for (Sampled each : new Sampled[] {novel, swapped, memory}) {
        assertThat(each.foils()[n][0])
            .isBetween(0, spec.labels() - 1)
            .isNotEqualTo(each.targets()[n][0]);
      }
    }
  }

  @Property(tries = 100)
  void labels_are_of_equally_many_classes(
      @ForAll("clear") InContextClassification spec, @ForAll int seed) {
    LabelledClasses known = task(spec, seed).known();
    int[] counts = new int[spec.labels()];
    IntStream.range(0, spec.classes()).forEach(k -> counts[known.label(k)]++);
    assertThat(Arrays.stream(counts))
        .allMatch(
            count ->
                count == spec.classes() / spec.labels()
                    || count == spec.classes() / spec.labels() + 1);
  }

  private static InContextClassification zipf(int classes, double zipf, double share) {
    return new InContextClassification(2, classes, 2, 1, 0, 1, share, zipf);
  }

  /** Two different classes by weights 1, 1/2, 1/3, 1/4: the second among those that are left. */
  @Example
  void classes_are_drawn_by_their_weights_without_replacement() {
    LabelledClasses known = task(zipf(4, 1, 1), 3).known();
    RandomStream stream = RandomStream.of(5, Purpose.DATA);
    long[] counts = new long[16];
    int rounds = 40_000;
    for (int n = 0; n < rounds; n++) {
      int[] two = known.different(2, stream.lane(0, 1, n));
      counts[4 * two[0] + two[1]]++;
    }
    double all = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4;
    double[] expected = new double[16];
    for (int i = 0; i < 16; i++) {
      double first = 1.0 / (i / 4 + 1);
      double second = 1.0 / (i % 4 + 1);
      expected[i] = i / 4 == i % 4 ? 0 : first / all * second / (all - first);
      assertThat(known.probability(i / 4)).isCloseTo(first / all, within(1e-12));
    }
    Chance.assertCounts("two classes", counts, expected);
  }

  @Example
  void all_classes_can_be_drawn_each_once() {
    LabelledClasses known = task(zipf(50, 4, 1), 3).known();
    RandomStream stream = RandomStream.of(5, Purpose.DATA);
    for (int n = 0; n < 200; n++) {
      assertThat(known.different(50, stream.lane(0, 1, n))).doesNotHaveDuplicates();
    }
  }

  @Example
  void the_share_of_sequences_whose_context_answers_is_that_of_the_file() {
    InContextClassification spec = zipf(40, 0, 0.3);
    InContextClassificationSequences task = task(spec, 3);
    int count = 20_000;
    Sampled drawn = drawn(spec, task, 3, count);
    long answers = IntStream.range(0, count).filter(n -> same(spec, drawn, n).length > 0).count();
    Chance.assertBinomial("answers in the context", answers, count, 0.3);
  }

  /** Items have length 1 on average whatever the noise; two of a class share 1 / (1 + noise²). */
  @Example
  void items_scatter_around_the_mean_of_their_class() {
    InContextClassification spec = new InContextClassification(2, 1000, 2, 4, 0.7, 2, 1, 0);
    int count = 20_000;
    for (String set : new String[] {"", "novel"}) {
      SequenceTask task = task(spec, 3);
      Sampled drawn = drawn(spec, set.isEmpty() ? task : task.prompts(set), 3, count);
      double square = 0;
      double product = 0;
      for (int n = 0; n < count; n++) {
        float[] one = vector(spec, drawn, n, 0);
        float[] other = vector(spec, drawn, n, 4);
        for (int i = 0; i < 4; i++) {
          square += one[i] * one[i] / count;
          product += one[i] * other[i] / count;
        }
      }
      assertThat(square).as(set).isCloseTo(1, within(0.06));
      assertThat(product).as(set).isCloseTo(1 / (1 + 0.49), within(0.06));
    }
  }

  @Example
  void levels_are_what_guessing_scores() {
    InContextClassification spec = new InContextClassification(6, 30, 5, 2, 0, 2, 0.6, 1.2);
    InContextClassificationSequences task = task(spec, 4);
    int count = 20_000;
    Sampled drawn = drawn(spec, task, 4, count);
    double hits = 0;
    double most = 0;
    long[] targets = new long[5];
    for (int n = 0; n < count; n++) {
      int[] counts = new int[5];
      for (int j = 0; j < 6; j++) {
        counts[label(spec, task.known(), vector(spec, drawn, n, 2 * j + 1))]++;
      }
      int right = counts[drawn.targets()[n][0]];
      int largest = Arrays.stream(counts).max().orElseThrow();
      double tied = Arrays.stream(counts).filter(c -> c == largest).count();
      targets[drawn.targets()[n][0]]++;
      hits += right / 6.0 / count;
      most += (right == largest ? 1 / tied : 0) / count;
    }
    assertThat(level(task, "in_context", "accuracy")).isCloseTo(hits, within(0.02));
    assertThat(level(task, "most_frequent", "accuracy")).isCloseTo(most, within(0.02));
    double common = Arrays.stream(targets).max().orElseThrow() / (double) count;
    assertThat(level(task, "unigram", "accuracy")).isCloseTo(common, within(0.02));
    double entropy = Arrays.stream(targets).mapToDouble(c -> -c * Math.log(c / 20e3) / 20e3).sum();
    assertThat(level(task, "unigram", "loss")).isCloseTo(entropy, within(0.02));
    assertThat(task.levels("test"))
        .noneMatch(l -> l.metric().equals("loss") && l.name().equals("in_context"));
  }

  /** Four classes with the three labels in turn: the query's is that of two of them, or its own. */
  @Example
  void levels_of_novel_classes_are_those_by_hand() {
    InContextClassification spec = new InContextClassification(4, 9, 3, 2, 0, 1, 0, 0);
    SequenceTask novel = task(spec, 4).prompts("novel");
    assertThat(level(novel, "in_context", "accuracy")).isCloseTo(0.5, within(1e-12));
    assertThat(level(novel, "in_context", "loss")).isCloseTo(Math.log(2), within(1e-12));
    assertThat(level(novel, "blind", "loss")).isCloseTo(Math.log(3), within(1e-12));
  }

  private static double level(SequenceTask task, String name, String metric) {
    return task.levels("test").stream()
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
