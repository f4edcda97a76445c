package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaletteTest {

  @Test
  void the_ramp_grows_lighter_all_the_way_so_that_grey_print_keeps_the_order() {
    for (int k = 1; k <= 200; k++) {
      assertThat(luminance(Palette.ramp(k / 200.0)))
          .isGreaterThan(luminance(Palette.ramp((k - 1) / 200.0)));
    }
  }

  @Test
  void every_colour_has_a_contrast_of_3_to_white() {
    for (int n = 1; n <= 40; n++) {
      for (boolean ordered : new boolean[] {true, false}) {
        for (Mark mark : Palette.series(n, ordered, List.of())) {
          assertThat(1.05 / (luminance(mark.color()) + 0.05))
              .as("%s of %d", mark, n)
              .isGreaterThanOrEqualTo(3 - 1e-9);
        }
      }
    }
    assertThat(Palette.contrast(Color.BLACK)).isCloseTo(21, within(1e-9));
  }

  @Test
  void no_two_of_a_hundred_series_look_alike() {
    assertThat(Palette.series(100, false, List.of())).doesNotHaveDuplicates();
    assertThat(Palette.series(40, true, List.of())).doesNotHaveDuplicates();
  }

  @Test
  void neighbours_differ_without_colours_too() {
    List<Mark> marks = Palette.series(12, false, List.of());
    for (int k = 1; k < marks.size(); k++) {
      assertThat(marks.get(k).marker()).isNotEqualTo(marks.get(k - 1).marker());
    }
  }

  /** Relative luminance of WCAG 2. */
  private static double luminance(Color c) {
    return 0.2126 * linear(c.getRed())
        + 0.7152 * linear(c.getGreen())
        + 0.0722 * linear(c.getBlue());
  }

  private static double linear(int channel) {
    double v = channel / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }
}
