package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

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
  void ordered_colours_stay_readable_on_white() {
    List<Color> colors = Palette.ordered(6);
    assertThat(colors).doesNotHaveDuplicates();
    assertThat(1.05 / (luminance(colors.get(5)) + 0.05)).isGreaterThan(1.5);
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
