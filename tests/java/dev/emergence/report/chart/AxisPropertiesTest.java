package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisPropertiesTest {

  /** Doubles of every size, and pairs that differ in their last bits alone. */
  @Provide
  Arbitrary<Double> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().between(-1e308, 1e308),
        Arbitraries.doubles().between(-10, 10).ofScale(3),
        Arbitraries.of(
            0.0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE, 1e-300, 1e300, 0.3),
        Arbitraries.integers().between(0, 3).map(ulps -> 0.3 + ulps * Math.ulp(0.3)),
        Arbitraries.integers().between(0, 3).map(ulps -> 5e7 - ulps * Math.ulp(5e7)));
  }

  @ParameterizedTest
  @CsvSource({"1.7976931348623157E308", "-1.7976931348623157E308", "4.9E-324", "0", "1E-300"})
  void an_axis_around_one_number_has_marks_however_large_it_is(double only) {
    for (Scale scale : only > 0 ? Scale.values() : new Scale[] {Scale.LINEAR, Scale.SYMLOG}) {
      AxisScale axis = AxisScale.exactly(scale, only, only);
      assertThat(Ticks.of(Axis.of(RichText.EMPTY, scale), axis, 330, 34).marks())
          .as("%s around %s", scale, only)
          .isNotEmpty();
    }
  }

  @Property(tries = 2000)
  void every_axis_has_a_few_marks_inside_it(
      @ForAll("numbers") double a, @ForAll("numbers") double b, @ForAll Scale scale) {
    if (scale == Scale.LOG && (a <= 0 || b <= 0)) {
      return;
    }
    AxisScale axis = AxisScale.exactly(scale, Math.min(a, b), Math.max(a, b));
    Ticks ticks = Ticks.of(Axis.of(RichText.EMPTY, scale), axis, 330, 34);
    assertThat(ticks.marks()).as("%s from %s to %s", scale, a, b).hasSizeBetween(1, 6000);
    for (Tick tick : ticks.marks()) {
      assertThat(axis.place(tick.value())).as("%s in %s", tick, axis).isBetween(-1e-6, 1 + 1e-6);
    }
  }

  @Property(tries = 300)
  void every_line_can_be_drawn_whatever_its_numbers(
      @ForAll("lines") List<Double> values, @ForAll Scale x, @ForAll Scale y) {
    double[] ys = values.stream().mapToDouble(v -> v).toArray();
    double[] xs = new double[ys.length];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = ys[(i + 1) % xs.length];
    }
    Panel panel =
        Panel.of(Axis.of(RichText.plain("x"), x), Axis.of(RichText.plain("y"), y))
            .with(new Layer.Line(xs, ys, Color.BLUE, LineStyle.SOLID, 1))
            .with(Layer.Points.plain(xs, ys, Color.RED, Marker.CIRCLE));
    assertThat(Figure.of(panel).svg()).doesNotContain("NaN").hasSizeLessThan(400_000);
  }

  @Provide
  Arbitrary<List<Double>> lines() {
    return Arbitraries.oneOf(
            numbers(), Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE))
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }
}
