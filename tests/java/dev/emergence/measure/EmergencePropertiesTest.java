package dev.emergence.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class EmergencePropertiesTest {
  @Provide
  Arbitrary<double[]> metrics() {
    return Arbitraries.doubles().between(0, 1).array(double[].class).ofMinSize(1).ofMaxSize(30);
  }

  @Property(tries = 300)
  void a_higher_level_is_never_crossed_earlier(
      @ForAll("metrics") double[] values,
      @ForAll @DoubleRange(max = 1) double one,
      @ForAll @DoubleRange(max = 1) double other,
      @ForAll @IntRange(min = 1, max = 3) int hold) {
    Emergence easy = EmergenceTest.read(EmergenceTest.above(Math.min(one, other), hold), values);
    Emergence hard = EmergenceTest.read(EmergenceTest.above(Math.max(one, other), hold), values);
    if (hard instanceof Emergence.Reached late) {
      assertThat(easy).isInstanceOf(Emergence.Reached.class);
      Emergence.Reached early = (Emergence.Reached) easy;
      assertThat(early.step()).isLessThanOrEqualTo(late.step());
      assertThat(early.interpolated()).isLessThanOrEqualTo(late.interpolated() + 1e-9);
    }
  }

  @Property(tries = 300)
  void a_crossing_lies_in_its_bracket_and_never_after_its_last_up_crossing(
      @ForAll("metrics") double[] values, @ForAll @DoubleRange(max = 1) double level) {
    if (EmergenceTest.read(EmergenceTest.below(level), values) instanceof Emergence.Reached r) {
      assertThat(r.interpolated()).isBetween(r.lower(), r.step());
      assertThat(r.step() - r.lower()).isEqualTo(r.step() == 0 ? 0 : 50);
      assertThat(r.lastUpCrossing()).isGreaterThanOrEqualTo(r.step());
      assertThat(values[(int) r.step() / 50]).isLessThan(level);
    } else {
      assertThat(Arrays.stream(values).filter(v -> v < level)).isEmpty();
    }
  }
}
