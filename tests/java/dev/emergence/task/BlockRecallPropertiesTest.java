package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.BlockRecall;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Recall by some of the attributes: exactly one block agrees with the query. */
class BlockRecallPropertiesTest {
  private static final int COUNT = 8;

  @Provide
  Arbitrary<BlockRecall> recalls() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 9),
            Arbitraries.integers().between(1, 7),
            Arbitraries.integers().between(1, 7),
            Arbitraries.integers().between(2, 5),
            Arbitraries.integers().between(2, 5))
        .as(BlockRecall::new)
        .filter(r -> r.relevant() <= r.attributes() && r.blocks() <= r.codes());
  }

  private static BlockRecallSequences task(BlockRecall spec, int seed) {
    return BlockRecallSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  @Property(tries = 300)
  void the_query_agrees_with_exactly_one_block_and_asks_for_its_value(
      @ForAll("recalls") BlockRecall spec, @ForAll int seed) {
    BlockRecallSequences task = task(spec, seed);
    assertThat(task.relevant()).hasSize(spec.relevant()).doesNotHaveDuplicates().isSorted();
    Sampled drawn = Sampled.of(task, spec.predicts(), seed, 5, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] x = drawn.tokens()[n];
      assertThat(x).hasSize(spec.length());
      Set<String> codes = new HashSet<>();
      int agreeing = -1;
      for (int b = 0; b < spec.blocks(); b++) {
        codes.add(code(task, x, b));
        agreeing = code(task, x, b).equals(code(task, x, spec.blocks())) ? b : agreeing;
      }
      assertThat(codes).hasSize(spec.blocks());
      assertThat(agreeing).isNotNegative();
      int value = agreeing * (spec.attributes() + 1) + spec.attributes();
      assertThat(x[value] - spec.alphabet()).isEqualTo(drawn.targets()[n][0]);
      assertThat(drawn.attention()[0][n][0]).containsExactly(spec.length() - 1, value);
      for (int p = 0; p < x.length; p++) {
        boolean isValue = p % (spec.attributes() + 1) == spec.attributes();
        assertThat(x[p])
            .isBetween(
                isValue ? spec.alphabet() : 0,
                (isValue ? spec.alphabet() + spec.values() : spec.alphabet()) - 1);
      }
    }
  }

  private static String code(BlockRecallSequences task, int[] x, int block) {
    int width = (x.length + 1) / (blocks(task) + 1);
    StringBuilder code = new StringBuilder();
    for (int a : task.relevant()) {
      code.append(x[block * width + a]).append(' ');
    }
    return code.toString();
  }

  private static int blocks(BlockRecallSequences task) {
    return task.spec().blocks();
  }

  @Example
  void blocks_codes_and_values_are_uniform() {
    BlockRecall spec = new BlockRecall(4, 3, 2, 3, 5);
    BlockRecallSequences task = task(spec, 3);
    int count = 9000;
    Sampled drawn = Sampled.of(task, spec.predicts(), 3, 0, count);
    long[] asked = new long[4];
    long[] codes = new long[9];
    long[] values = new long[5];
    long[] free = new long[3];
    int[] relevant = task.relevant();
    int other = 3 - relevant[0] - relevant[1];
    for (int n = 0; n < count; n++) {
      int[] x = drawn.tokens()[n];
      asked[drawn.attention()[0][n][0][1] / 4]++;
      codes[3 * x[4 + relevant[0]] + x[4 + relevant[1]]]++;
      values[drawn.targets()[n][0]]++;
      free[x[16 + other]]++;
    }
    Chance.assertUniform("asked block", asked);
    Chance.assertUniform("code of block 1", codes);
    Chance.assertUniform("value", values);
    Chance.assertUniform("attribute of the query that does not count", free);
  }

  @Example
  void many_codes_are_drawn_with_all_their_digits() {
    BlockRecall spec = new BlockRecall(3, 29, 29, 4, 2);
    Sampled drawn = Sampled.of(task(spec, 1), spec.predicts(), 2, 0, 3000);
    long[] first = new long[4];
    long[] last = new long[4];
    for (int[] x : drawn.tokens()) {
      first[x[30]]++;
      last[x[58]]++;
    }
    Chance.assertUniform("first digit", first);
    Chance.assertUniform("last digit", last);
  }

  @Example
  void guessing_from_the_context_scores_what_its_level_says() {
    BlockRecall spec = new BlockRecall(6, 3, 2, 4, 3);
    BlockRecallSequences task = task(spec, 3);
    int count = 20000;
    Sampled drawn = Sampled.of(task, spec.predicts(), 3, 0, count);
    double loss = 0;
    for (int n = 0; n < count; n++) {
      int same = 0;
      for (int b = 0; b < 6; b++) {
        same += drawn.tokens()[n][b * 4 + 3] - 4 == drawn.targets()[n][0] ? 1 : 0;
      }
      loss += Math.log(6.0 / same) / count;
    }
    List<Level> levels = task.levels("test");
    Level level =
        levels.stream()
            .filter(l -> l.name().equals("in_context") && l.metric().equals("loss"))
            .findFirst()
            .orElseThrow();
    assertThat(loss).isCloseTo(level.value(), within(0.02));
    assertThat(level.value()).isLessThan(Math.log(3));
  }
}
