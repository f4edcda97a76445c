package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.fit.MeanInterval;
import dev.emergence.study.HeadEffects.Effect;
import dev.emergence.train.HeadChange.Head;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The median head of a capability, which is that of studies. */
class CapabilityHeadsTest {
  private static final Effect FIRST = effect(1, 0.5);
  private static final Effect SECOND = effect(2, 0.3);
  private static final Effect THIRD = effect(3, 0.1);
  private static final Effect FOURTH = effect(4, 0.02);
  private static final Map<Effect, double[]> DIFFERENCES =
      Map.of(
          FIRST, new double[] {0.4, 0.5, 0.6},
          SECOND, new double[] {0.1, 0.3, 0.5},
          THIRD, new double[] {0.2, 0.1, 0},
          FOURTH, new double[] {0.01, 0.02, 0.03});

  private static Effect effect(int head, double effect) {
    return new Effect("single", -1, List.of(new Head(1, head)), 1 + effect, effect);
  }

  @Test
  void of_an_odd_number_of_heads_it_is_one_of_them() {
    assertThat(CapabilityHeads.median(List.of(FIRST, SECOND, THIRD), DIFFERENCES))
        .isEqualTo(expected("median head 1.2", 0.3, 0.1, 0.3, 0.5));
  }

  @Test
  void of_an_even_number_it_is_the_mean_of_both_in_the_middle_with_the_interval_of_that_mean() {
    assertThat(CapabilityHeads.median(List.of(FIRST, SECOND, THIRD, FOURTH), DIFFERENCES))
        .isEqualTo(expected("median head, mean of 1.2 and 1.3", 0.2, 0.15, 0.2, 0.25));
  }

  private static String expected(String name, double effect, double... differences) {
    MeanInterval interval = MeanInterval.of(differences, 0.95);
    return Numbers.text(
        "  %-18s %+.4f (%+.4f to %+.4f)", name, effect, interval.lower(), interval.upper());
  }
}
