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

  /** Read back into Oklab by its published matrices, as far as eight bits a channel tell. */
  @Test
  void the_ramp_is_even_in_lightness_and_turns_from_violet_over_blue_and_green_to_yellow() {
    for (int k = 0; k <= 50; k++) {
      double share = k / 50.0;
      double[] lab = oklab(Palette.ramp(share));
      double chroma = Math.hypot(lab[1], lab[2]);
      double hue = Math.toDegrees(Math.atan2(lab[2], lab[1]));
      double wanted = 305 - 200 * Math.pow(share, 1.15);
      double most = 0.11 + 0.03 * Math.sin(Math.PI * share) + 0.03 * share;
      assertThat(lab[0]).as("lightness at %s", share).isCloseTo(0.25 + 0.67 * share, within(0.01));
      assertThat(Math.sin(Math.toRadians(hue - wanted) / 2))
          .as("hue at %s", share)
          .isCloseTo(0, within(0.03));
      assertThat(chroma).as("chroma at %s", share).isBetween(0.08, most + 0.006);
    }
    double[] dark = oklab(Palette.ramp(0));
    double[] light = oklab(Palette.ramp(1));
    assertThat(Math.hypot(dark[1], dark[2])).isCloseTo(0.11, within(0.006));
    assertThat(Math.hypot(light[1], light[2])).isCloseTo(0.14, within(0.006));
  }

  private static double[] oklab(Color c) {
    double r = linear(c.getRed());
    double g = linear(c.getGreen());
    double b = linear(c.getBlue());
    double l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return new double[] {
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    };
  }

  @Test
  void ordered_colours_stand_at_equal_steps_of_the_ramp_up_to_its_lightest_legible_share() {
    List<Color> colors = Palette.ordered(4);
    for (int k = 0; k < 4; k++) {
      assertThat(colors.get(k)).isEqualTo(Palette.ramp(0.02 + 0.57 * k / 3));
    }
    assertThat(Palette.ordered(1)).hasSize(1);
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
