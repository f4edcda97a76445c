package dev.emergence.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.MeasurementSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Property(tries = 300)
  void no_longer_curve_crosses_at_or_before_the_step_up_to_which_unreached_is_claimed(
      @ForAll("metrics") double[] values,
      @ForAll @DoubleRange(max = 1) double level,
      @ForAll @IntRange(min = 1, max = 4) int hold,
      @ForAll @IntRange(min = 1, max = 30) int seen) {
    double[] start = Arrays.copyOf(values, Math.min(seen, values.length));
    Emergence early = EmergenceTest.read(EmergenceTest.above(level, hold), start);
    Emergence whole = EmergenceTest.read(EmergenceTest.above(level, hold), values);
    if (early instanceof Emergence.Unreached u
        && whole instanceof Emergence.Reached r
        && r.step() > 0) {
      assertThat(r.step()).isGreaterThan(u.lastStep());
    }
  }

  /** So the end of a run, and what is shown while it trains, does not change with what follows. */
  @Property(tries = 300)
  void a_fall_is_where_it_was_when_the_curve_was_shorter_and_never_before_the_rise(
      @ForAll("metrics") double[] values,
      @ForAll @DoubleRange(max = 1) double one,
      @ForAll @DoubleRange(max = 1) double other) {
    double high = Math.max(one, other);
    MeasurementSpec.Threshold fall =
        EmergenceTest.from(EmergenceTest.below(Math.min(one, other)), high);
    if (EmergenceTest.read(fall, values) instanceof Emergence.Reached r) {
      int row = (int) r.step() / 50;
      assertThat(EmergenceTest.read(fall, Arrays.copyOf(values, row + 1)))
          .isEqualTo(
              new Emergence.Reached("plateau", r.step(), r.lower(), r.interpolated(), r.step()));
      assertThat(Arrays.stream(values, 0, row)).anyMatch(v -> v > high);
      assertThat(EmergenceTest.read(fall, Arrays.copyOf(values, row)))
          .isInstanceOf(Emergence.Unreached.class);
    }
  }

  @Property(tries = 300)
  void where_a_run_ends_does_not_depend_on_how_much_further_it_was_trained(
      @ForAll("metrics") double[] values,
      @ForAll @DoubleRange(max = 1) double level,
      @ForAll @DoubleRange(max = 1) double other,
      @ForAll @DoubleRange(max = 3) double extra,
      @ForAll @IntRange(min = 1, max = 3) int hold) {
    Ending ending =
        new Ending(
            1000,
            Map.of(
                "plateau", EmergenceTest.above(level, hold),
                "other", EmergenceTest.above(other, 1)),
            new MeasurementSpec.Stop(Optional.of("plateau"), List.of("other"), extra, false));
    long end = ending.lastStep(EmergenceTest.curve(values), 50);
    int rows = (int) Math.min(values.length, end / 50 + 1);
    assertThat(ending.lastStep(EmergenceTest.curve(Arrays.copyOf(values, rows)), 50))
        .isEqualTo(end);
  }
}
