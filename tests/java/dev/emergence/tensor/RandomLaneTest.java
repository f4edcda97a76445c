package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.tensor.RandomStream.Purpose;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The layout of counters and the making of numbers, which backends copy word by word. */
class RandomLaneTest {
  private static final RandomStream STREAM = new RandomStream(0xa4093822, 0x299f31d0);

  /**
   * The published vector for the digits of pi: counter words 243f6a88 85a308d3 13198a2e 03707344.
   */
  private static RandomLane published() {
    return STREAM.lane(0x03707344, 0x13198a2e, 0x85a308d3);
  }

  private static final long FIRST = 4 * 0x243f6a88L;

  @Test
  void counter_words_are_block_sample_step_lane() {
    RandomLane lane = published();
    assertThat(lane.word(FIRST)).isEqualTo(0xd16cfe09);
    assertThat(lane.word(FIRST + 3)).isEqualTo(0x24126ea1);
    assertThat(lane.word(FIRST + 1)).isEqualTo(0x94fdcceb);
    assertThat(lane.word(FIRST + 2)).isEqualTo(0x5001e420);
  }

  @Test
  void numbers_are_made_of_the_upper_bits() {
    RandomLane lane = published();
    assertThat(lane.uniform(FIRST)).isEqualTo(0xd16cfe * 0x1p-24);
    assertThat(lane.bounded(FIRST, 10)).isEqualTo((int) (0xd16cfe09L * 10 >>> 32));
    assertThat(lane.bounded(FIRST, Integer.MAX_VALUE))
        .isEqualTo((int) (0xd16cfe09L * Integer.MAX_VALUE >>> 32));
    double u1 = (0xd16cfe + 1) * 0x1p-24;
    double u2 = 0x94fdcc * 0x1p-24;
    double radius = Math.sqrt(-2 * Math.log(u1));
    assertThat(lane.normal(FIRST)).isCloseTo(radius * Math.cos(2 * Math.PI * u2), within(1e-14));
    assertThat(lane.normal(FIRST + 1))
        .isCloseTo(radius * Math.sin(2 * Math.PI * u2), within(1e-14));
  }

  @Test
  void a_coin_falls_for_numbers_below_p_as_float32() {
    RandomLane lane = published();
    double u = lane.uniform(FIRST);
    assertThat(lane.coin(FIRST, u)).isFalse();
    assertThat(lane.coin(FIRST, Math.nextUp((float) u))).isTrue();
    assertThat(lane.coin(FIRST, 0)).isFalse();
    assertThat(lane.coin(FIRST, 1)).isTrue();
    // u = 13725950 / 2^24: of 2^24 trials exactly 13725951 successes are needed.
    assertThat(lane.coin(FIRST, 0xd16cfe, 1L << 24)).isFalse();
    assertThat(lane.coin(FIRST, 0xd16cff, 1L << 24)).isTrue();
    assertThat(lane.coin(FIRST, 0, 0)).isFalse();
    assertThat(lane.coin(FIRST, 7, 7)).isTrue();
  }

  @Test
  void streams_of_different_seeds_and_purposes_have_different_keys() {
    Set<RandomStream> streams = new HashSet<>();
    int[] seeds = {0, 1, 2, 255, 256, Integer.MAX_VALUE, -1};
    for (int seed : seeds) {
      for (Purpose purpose : Purpose.values()) {
        streams.add(RandomStream.of(seed, purpose));
      }
    }
    assertThat(streams).hasSize(seeds.length * Purpose.values().length);
  }

  @Test
  void normals_have_the_moments_of_the_normal_distribution() {
    RandomLane lane = RandomStream.of(17, Purpose.DATA).lane(2, 3, 4);
    int n = 40_000;
    double[] moments = new double[5];
    double product = 0;
    for (int i = 0; i < n; i++) {
      double z = lane.normal(i);
      for (int k = 1; k <= 4; k++) {
        moments[k] += Math.pow(z, k) / n;
      }
      product += z * lane.normal(i ^ 1) / n;
    }
    // Five standard errors: sqrt of 1, 2, 15 and 96 over n; pairs of a Box-Muller transform are
    // independent.
    double error = 5 / Math.sqrt(n);
    assertThat(moments[1]).isCloseTo(0, within(error));
    assertThat(moments[2]).isCloseTo(1, within(error * Math.sqrt(2)));
    assertThat(moments[3]).isCloseTo(0, within(error * Math.sqrt(15)));
    assertThat(moments[4]).isCloseTo(3, within(error * Math.sqrt(96)));
    assertThat(product).isCloseTo(0, within(error * Math.sqrt(2)));
  }
}
