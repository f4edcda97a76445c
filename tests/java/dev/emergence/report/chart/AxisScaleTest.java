package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AxisScaleTest {

  @Test
  void places_and_values_are_inverse_on_every_scale() {
    for (Scale scale : Scale.values()) {
      double from = scale == Scale.LOG ? 0.03 : -70;
      AxisScale axis = AxisScale.exactly(scale, from, 900);
      for (double place = -0.1; place < 1.15; place += 0.05) {
        assertThat(axis.place(axis.value(place))).isCloseTo(place, within(1e-9));
      }
      assertThat(axis.place(from)).isZero();
      assertThat(axis.place(900)).isEqualTo(1);
    }
  }

  @Test
  void what_a_scale_cannot_show_has_no_place() {
    AxisScale log = AxisScale.exactly(Scale.LOG, 1, 10);
    assertThat(log.place(0)).isNaN();
    assertThat(log.place(-3)).isNaN();
    assertThat(log.place(Double.POSITIVE_INFINITY)).isNaN();
    assertThat(AxisScale.exactly(Scale.SYMLOG, -1, 1).place(0)).isEqualTo(0.5);
  }

  @Test
  void an_axis_shows_all_data_and_keeps_given_ends() {
    Axis axis = Axis.of(RichText.EMPTY, Scale.LOG);
    Extent data = new Extent(435, 47121);
    AxisScale free = AxisScale.of(axis, data, false);
    assertThat(free.from()).isLessThan(435);
    assertThat(free.to()).isGreaterThan(47121);
    AxisScale held = AxisScale.of(axis.between(100, Double.NaN), data, false);
    assertThat(held.from()).isEqualTo(100);
    assertThat(held.to()).isGreaterThan(47121);
    assertThat(AxisScale.of(axis.between(0, 1e6), data, false).from()).isPositive();
  }

  @Test
  void a_given_end_beyond_the_data_still_makes_an_axis() {
    AxisScale scale =
        AxisScale.of(
            Axis.of(RichText.EMPTY, Scale.LINEAR).between(50, Double.NaN), new Extent(1, 2), false);
    assertThat(scale.from()).isEqualTo(50);
    assertThat(scale.to()).isGreaterThan(50);
  }

  @Test
  void equal_ends_are_moved_apart() {
    for (Scale scale : Scale.values()) {
      AxisScale one = AxisScale.exactly(scale, 7, 7);
      assertThat(one.place(7)).isBetween(0.2, 0.8);
    }
    assertThat(AxisScale.exactly(Scale.LINEAR, 0, 0).place(0)).isEqualTo(0.5);
  }
}
