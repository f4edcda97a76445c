package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContourLinesTest {

  @Test
  void the_contour_of_a_cone_is_one_closed_circle() {
    double[][] z = new double[41][41];
    for (int row = 0; row < 41; row++) {
      for (int column = 0; column < 41; column++) {
        z[row][column] = Math.hypot(row - 20, column - 20);
      }
    }
    List<Polyline> lines = new ContourLines(z, 12.3).trace();
    assertThat(lines).hasSize(1);
    Polyline circle = lines.get(0);
    int last = circle.x().length - 1;
    assertThat(circle.x()[0]).isEqualTo(circle.x()[last]);
    assertThat(circle.y()[0]).isEqualTo(circle.y()[last]);
    for (int i = 0; i <= last; i++) {
      assertThat(Math.hypot(circle.x()[i] - 20, circle.y()[i] - 20)).isCloseTo(12.3, within(0.02));
    }
  }

  @Test
  void the_contour_of_a_slope_is_one_straight_line_from_edge_to_edge() {
    double[][] z = {{0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}};
    List<Polyline> lines = new ContourLines(z, 1.25).trace();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).x()).containsExactly(1.25, 1.25, 1.25);
    assertThat(lines.get(0).y()).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void a_saddle_has_two_lines_that_do_not_cross() {
    List<Polyline> low = new ContourLines(new double[][] {{1, 0}, {0, 1}}, 0.4).trace();
    List<Polyline> high = new ContourLines(new double[][] {{1, 0}, {0, 1}}, 0.6).trace();
    assertThat(low).hasSize(2);
    assertThat(high).hasSize(2);
    // Below the centre's height the high corners belong together, above it they are apart.
    assertThat(length(low)).isLessThan(1.2);
    assertThat(length(high)).isLessThan(1.2);
  }

  @Test
  void cells_with_a_missing_corner_are_left_out() {
    double[][] z = {{0, 1, 2}, {0, Double.NaN, 2}, {0, 1, 2}};
    assertThat(new ContourLines(z, 0.5).trace()).isEmpty();
    assertThat(new ContourLines(new double[0][0], 0.5).trace()).isEmpty();
  }

  private static double length(List<Polyline> lines) {
    return lines.stream()
        .mapToDouble(l -> Math.hypot(l.x()[1] - l.x()[0], l.y()[1] - l.y()[0]))
        .sum();
  }
}
