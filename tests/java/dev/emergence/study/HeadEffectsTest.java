package dev.emergence.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.StudySpec.Choice;
import dev.emergence.spec.StudySpec.HeadSets;
import dev.emergence.train.HeadChange;
import dev.emergence.train.HeadChange.Head;
import dev.emergence.train.HeadChange.How;
import dev.emergence.train.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which heads are changed, on a model whose heads add up. */
class HeadEffectsTest {
  /** Head h of layer l is worth 10 l + h. */
  private static Subject additive(int layers, int heads) {
    return new Subject() {
      @Override
      public int layers() {
        return layers;
      }

      @Override
      public int heads() {
        return heads;
      }

      @Override
      public double[] measure(List<HeadChange> changes) {
        return changes.stream()
            .mapToDouble(c -> 100 - c.heads().stream().mapToDouble(HeadEffectsTest::worth).sum())
            .toArray();
      }

      @Override
      public void close() {}
    };
  }

  private static double worth(Head head) {
    return 10 * head.layer() + head.head();
  }

  private static List<HeadEffects.Effect> of(HeadEffects.Found found, String set) {
    return found.effects().stream().filter(e -> e.set().equals(set)).toList();
  }

  @Test
  void single_heads_and_all_are_measured_against_the_model_as_it_is() {
    HeadEffects.Found found =
        HeadEffects.of(
            additive(2, 3), How.ZERO, new HeadSets(Choice.SINGLE, List.of(1, 2), 5), Math::abs);
    assertThat(found.unchanged()).isEqualTo(100);
    assertThat(found.effects()).hasSize(7);
    assertThat(of(found, "single"))
        .allSatisfy(
            e -> {
              assertThat(e.effect()).isEqualTo(-worth(e.heads().get(0)));
              assertThat(e.value()).isEqualTo(100 + e.effect());
            });
    assertThat(of(found, "all").get(0).effect()).isEqualTo(-(11 + 12 + 13 + 21 + 22 + 23));
  }

  @Property
  void the_most_effective_heads_are_taken_and_random_ones_are_others(
      @ForAll @IntRange(min = 1, max = 4) int layers,
      @ForAll @IntRange(min = 1, max = 8) int heads,
      @ForAll @IntRange(min = 1, max = 9) int size) {
    HeadEffects.Found found =
        HeadEffects.of(
            additive(layers, heads),
            How.ZERO,
            new HeadSets(Choice.TOP, List.of(size), 4),
            Math::abs);
    int count = layers * heads;
    if (size > count) {
      assertThat(of(found, "top")).isEmpty();
      return;
    }
    List<Head> top = of(found, "top").get(0).heads();
    assertThat(top).hasSize(size);
    double least = top.stream().mapToDouble(HeadEffectsTest::worth).min().orElseThrow();
    assertThat(of(found, "single").stream().filter(e -> -e.effect() >= least)).hasSize(size);
    assertThat(of(found, "random")).hasSize(count - size >= size ? 4 : 0);
    for (HeadEffects.Effect random : of(found, "random")) {
      Set<Head> both = new HashSet<>(random.heads());
      assertThat(both).hasSize(size);
      both.retainAll(top);
      assertThat(both).isEmpty();
    }
  }

  @Test
  void draws_are_the_same_each_time() {
    HeadSets sets = new HeadSets(Choice.TOP, List.of(2), 6);
    assertThat(HeadEffects.of(additive(2, 8), How.ZERO, sets, Math::abs).effects())
        .isEqualTo(HeadEffects.of(additive(2, 8), How.ZERO, sets, Math::abs).effects());
    assertThat(
            of(HeadEffects.of(additive(2, 8), How.ZERO, sets, Math::abs), "random").stream()
                .map(HeadEffects.Effect::heads)
                .distinct())
        .hasSizeGreaterThan(3);
  }

  @ParameterizedTest
  @CsvSource({"-0.3, '1.3 1.4'", "0.3, '1.1 1.2'", "0, '1.3 1.4'"})
  void heads_are_ranked_by_the_way_to_the_other_model_or_by_their_effect_where_there_is_none(
      double gap, String top) {
    HeadSets sets = new HeadSets(Choice.TOP, List.of(2), 0);
    assertThat(of(HeadEffects.of(additive(1, 4), How.ZERO, sets, HeadEffects.toward(gap)), "top"))
        .hasSize(1)
        .allSatisfy(e -> assertThat(e.row()).containsEntry("heads", top));
  }

  /** Numbers of others that are powers of two, too: there the high bits of a draw decide. */
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void every_other_head_is_drawn_equally_often(
      @ForAll @IntRange(min = 2, max = 17) int others,
      @ForAll @IntRange(min = 1, max = 2) int size) {
    Assume.that(others > size);
    HeadSets sets = new HeadSets(Choice.TOP, List.of(size), 400);
    List<HeadEffects.Effect> draws =
        of(HeadEffects.of(additive(1, others + size), How.ZERO, sets, Math::abs), "random");
    double share = (double) size / others;
    double deviation = Math.sqrt(400 * share * (1 - share));
    for (int head = 1; head <= others; head++) {
      Head one = new Head(1, head);
      double count = draws.stream().filter(d -> d.heads().contains(one)).count();
      assertThat(count)
          .as("draws of head %d of %d, %d at once", head, others, size)
          .isBetween(400 * share - 5 * deviation, 400 * share + 5 * deviation);
    }
  }
}
