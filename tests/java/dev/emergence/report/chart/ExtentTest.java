package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The range of an axis is that of the ink of every layer, and not more. */
class ExtentTest {
  private static final double[] X = {2, 5};
  private static final double[] Y = {30, 70};
  private static final double NONE = Double.NaN;

  private static void spans(
      Layer layer, double left, double right, double bottom, double top, Scale ofY) {
    Extent x = Extent.of(List.of(layer), true, Scale.LINEAR);
    Extent y = Extent.of(List.of(layer), false, ofY);
    assertThat(x.low()).as("left of %s", layer).isCloseTo(left, within(1e-12));
    assertThat(x.high()).as("right of %s", layer).isCloseTo(right, within(1e-12));
    assertThat(y.low()).as("lower end of %s", layer).isCloseTo(bottom, within(1e-9));
    assertThat(y.high()).as("upper end of %s", layer).isCloseTo(top, within(1e-9));
  }

  @Test
  void each_layer_needs_the_room_of_what_it_draws() {
    Color ink = Color.BLACK;
    spans(new Layer.Line(X, Y, ink, LineStyle.SOLID, 1), 2, 5, 30, 70, Scale.LINEAR);
    spans(
        new Layer.Points(
            X,
            Y,
            new double[] {20, NONE},
            new double[] {40, 90},
            Mark.of(ink, Marker.CIRCLE),
            List.of()),
        2,
        5,
        20,
        90,
        Scale.LINEAR);
    spans(new Layer.Band(X, new double[] {10, 20}, Y, ink), 2, 5, 10, 70, Scale.LINEAR);
    spans(new Layer.Bars(X, Y, 0.8, ink), 1.6, 5.4, 0, 70, Scale.LINEAR);
    spans(new Layer.Bars(X, Y, 0.8, ink), 1.6, 5.4, 30, 70, Scale.LOG);
    spans(
        new Layer.BoxPlot(3, 0.5, new double[] {1, 2, 3, 4, 9}, ink), 2.75, 3.25, 1, 9, Scale.LOG);
  }

  @Test
  void cells_reach_half_a_step_beyond_their_centres() {
    assertThat(Extent.edges(new double[] {2, 4, 6}, Scale.LINEAR))
        .containsExactly(new double[] {1, 7}, within(1e-12));
    assertThat(Extent.edges(new double[] {10, 100}, Scale.LOG))
        .containsExactly(new double[] {Math.sqrt(10), 100 * Math.sqrt(10)}, within(1e-9));
    assertThat(Extent.edges(new double[] {3}, Scale.LINEAR)).containsExactly(2.5, 3.5);
    assertThat(Extent.edges(new double[] {3}, Scale.LOG)).containsExactly(2, 4.5);
    assertThat(Extent.edges(new double[0], Scale.LOG)).isEmpty();
  }

  @Test
  void what_a_scale_cannot_show_is_counted_and_what_is_unknown_is_not() {
    Layer line =
        new Layer.Line(
            new double[] {1, 2, 3, 4},
            new double[] {0, -1, NONE, 5},
            Color.BLACK,
            LineStyle.SOLID,
            1);
    assertThat(Extent.of(List.of(line), false, Scale.LOG)).isEqualTo(new Extent(5, 5));
    Axis linear = Axis.of(RichText.EMPTY, Scale.LINEAR);
    Axis log = Axis.of(RichText.EMPTY, Scale.LOG);
    assertThat(Unplaced.count(Panel.of(linear, log).with(line))).isEqualTo(2);
    assertThat(Extent.of(List.of(), false, Scale.LOG).isEmpty()).isTrue();
  }
}
