package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {

  @Test
  void a_linear_axis_has_round_steps() {
    assertThat(labels(Scale.LINEAR, 0, 0.55))
        .containsExactly("0", "0.1", "0.2", "0.3", "0.4", "0.5");
    assertThat(labels(Scale.LINEAR, -2, 14))
        .containsExactly("−2", "0", "2", "4", "6", "8", "10", "12", "14");
    assertThat(labels(Scale.LINEAR, 1000, 1004)).contains("1000.0", "1000.5", "1004.0");
  }

  @Test
  void large_and_small_numbers_share_a_power_of_ten() {
    Ticks ticks = ticks(Scale.LINEAR, 0, 200000);
    assertThat(ticks.marks().stream().map(t -> t.label().letters()))
        .containsExactly("0", "0.5", "1.0", "1.5", "2.0");
    assertThat(ticks.multiplier().letters()).isEqualTo("·105");
    assertThat(ticks(Scale.LINEAR, 0, 3e-5).multiplier().letters()).isEqualTo("·10−5");
  }

  @Test
  void every_linear_label_is_its_value() {
    for (double top : new double[] {0.013, 0.7, 1, 2.5, 9, 33, 1234, 7e4}) {
      for (Tick t : ticks(Scale.LINEAR, 0, top).marks()) {
        assertThat(Double.parseDouble(t.label().letters()))
            .isEqualTo(t.value(), org.assertj.core.api.Assertions.within(1e-12 * top));
      }
    }
  }

  @Test
  void a_logarithmic_axis_labels_powers_of_ten_and_marks_the_digits_between() {
    Ticks ticks = ticks(Scale.LOG, 300, 50000);
    List<String> labels =
        ticks.marks().stream().filter(Tick::labelled).map(t -> t.label().letters()).toList();
    assertThat(labels).containsExactly("103", "104");
    assertThat(ticks.marks().get(0).value()).isEqualTo(300);
    assertThat(ticks.marks()).hasSize(7 + 9 + 5);
  }

  @Test
  void a_short_logarithmic_axis_labels_more_than_powers() {
    assertThat(labels(Scale.LOG, 30, 600)).containsExactly("50", "100", "200", "500");
    assertThat(labels(Scale.LOG, 210, 270)).contains("220", "260");
  }

  @Test
  void a_long_logarithmic_axis_skips_powers_evenly() {
    List<String> labels = labels(Scale.LOG, 1e-30, 1e30);
    assertThat(labels.size()).isBetween(3, 12);
    assertThat(labels).contains("100");
  }

  @Test
  void a_symmetric_axis_has_zero_in_the_middle_and_powers_on_both_sides() {
    assertThat(labels(Scale.SYMLOG, -4e-2, 4e-2))
        .containsExactly("−10−2", "−10−3", "−10−4", "−10−5", "0", "10−5", "10−4", "10−3", "10−2");
  }

  @Test
  void one_axis_spells_its_numbers_in_one_way() {
    Axis axis = Axis.of(RichText.EMPTY, Scale.LOG).withTicks(List.of(3e-4, 1e-3, 1e-2));
    Ticks ticks = Ticks.of(axis, AxisScale.exactly(Scale.LOG, 1e-4, 1e-1), 300, 34);
    assertThat(ticks.marks().stream().map(t -> t.label().letters()))
        .containsExactly("3·10−4", "10−3", "10−2");
  }

  @Test
  void asked_ticks_lose_their_labels_where_they_would_touch() {
    Axis axis = Axis.of(RichText.EMPTY, Scale.LOG).withTicks(List.of(16.0, 17.0, 64.0, 999.0));
    Ticks ticks = Ticks.of(axis, AxisScale.exactly(Scale.LOG, 10, 100), 300, 34);
    assertThat(ticks.marks().stream().map(t -> t.label().letters()))
        .containsExactly("16", "", "64");
  }

  /** A colour bar beside one row of cells: of steps of 50, between 118 and 192, there is one. */
  @ParameterizedTest
  @CsvSource({"LINEAR, 118, 192", "LOG, 118, 192", "LINEAR, 0.31, 0.69", "LOG, 31, 69"})
  void a_short_axis_has_two_numbers(Scale scale, double from, double to) {
    Axis axis = Axis.of(RichText.EMPTY, scale);
    Ticks ticks = Ticks.of(axis, AxisScale.exactly(scale, from, to), 68, 34);
    assertThat(ticks.marks().stream().filter(Tick::labelled)).hasSizeBetween(2, 3);
    assertThat(ticks.marks()).allMatch(t -> t.value() >= from && t.value() <= to);
  }

  private static Ticks ticks(Scale scale, double from, double to) {
    return Ticks.of(Axis.of(RichText.EMPTY, scale), AxisScale.exactly(scale, from, to), 330, 34);
  }

  private static List<String> labels(Scale scale, double from, double to) {
    return ticks(scale, from, to).marks().stream()
        .filter(Tick::labelled)
        .map(t -> t.label().letters())
        .toList();
  }
}
