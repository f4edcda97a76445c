package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.Plan;
import dev.emergence.spec.PlotSpec.ErrorBar;
import dev.emergence.spec.PlotSpec.Middle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Three seeds that emerge at 100, 200 and 600. */
class CenterTest {
  private static final double[] TIMES = {200, 600, 100};

  private static Cell cell(double... times) {
    String seeds = "seeds: {count: " + times.length + "}\n";
    Plan plan = Fabricated.plan(seeds + "sweeps: {main: {grid: {task.dim: [16]}}}\n");
    return Analysis.of(plan, Fabricated.runs(plan, (c, seed) -> times[(int) (double) seed]))
        .cells("main")
        .get(0);
  }

  @ParameterizedTest(name = "{0}, {1}, logarithmic: {2}")
  @CsvSource({
    "MEAN, RANGE, false, 300, 100, 600",
    "MEDIAN, QUARTILES, false, 200, 150, 400",
    "AUTO, NONE, false, 300, NaN, NaN",
    "AUTO, NONE, true, 228.9428, NaN, NaN",
    "MEAN, STD, false, 300, 35.4249, 564.5751",
    "MEAN, SEM, false, 300, 147.2475, 452.7525",
    "GEOMETRIC_MEAN, STD, true, 228.9428, 92.7566, 565.0793"
  })
  void the_middle_and_its_bar_are_what_they_are_called(
      Middle middle, ErrorBar error, boolean log, double value, double lower, double upper) {
    Center center = Center.of(cell(TIMES), "plateau.steps", middle, error, log);
    assertThat(center.kind()).isEqualTo(Center.Kind.ALL);
    assertThat(center.value()).isCloseTo(value, within(1e-3));
    if (Double.isNaN(lower)) {
      assertThat(center.lower()).isNaN();
      assertThat(center.upper()).isNaN();
    } else {
      assertThat(center.lower()).isCloseTo(lower, within(1e-3));
      assertThat(center.upper()).isCloseTo(upper, within(1e-3));
    }
  }

  @Test
  void quantiles_are_linear_between_neighbours() {
    double[] sorted = {1, 2, 4, 8};
    assertThat(Center.quantile(sorted, 0)).isEqualTo(1);
    assertThat(Center.quantile(sorted, 0.5)).isEqualTo(3);
    assertThat(Center.quantile(sorted, 0.75)).isEqualTo(5);
    assertThat(Center.quantile(sorted, 1)).isEqualTo(8);
    assertThat(Center.quantile(new double[0], 0.5)).isNaN();
  }

  private static Analysis stopped(String seeds) {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: %s}
            sweeps:
              main:
                grid: {task.dim: [16]}
                set:
                  measurement.stop: {when: plateau, extra: 0%%}
                  measurement.thresholds.hard: {metric: test.loss, below: 0.001}
            """
                .formatted(seeds));
    return Analysis.of(plan, Fabricated.runs(plan, (c, seed) -> 100 * (seed + 1)));
  }

  /** They went on without being looked at: only that half of them came later than this is sure. */
  @Test
  void stopped_runs_bound_their_median_by_the_median_of_their_ends() {
    assertThat(Center.meanTime(stopped("5").cells("main").get(0), "hard"))
        .isEqualTo(new Center(Center.Kind.AT_LEAST, 300, Double.NaN, Double.NaN, 0, 5));
    assertThat(Center.meanTime(stopped("4").cells("main").get(0), "hard").value()).isEqualTo(200);
  }

  @Test
  void runs_that_never_emerge_bound_it_by_their_end() {
    Center center = Center.meanTime(cell(200, 1e9, 1e9), "plateau");
    assertThat(center.kind()).isEqualTo(Center.Kind.AT_LEAST);
    assertThat(center.value()).isEqualTo(5000);
    assertThat(Center.meanTime(cell(200, 400, 1e9), "plateau").kind()).isEqualTo(Center.Kind.SOME);
    assertThat(Center.meanTime(cell(200, 400, 1e9), "plateau").value()).isEqualTo(400);
  }

  @ParameterizedTest
  @EnumSource(Middle.class)
  void equal_times_have_their_own_middle_and_no_logarithm_rounds_it(Middle middle) {
    Center center = Center.of(cell(310, 310, 310), "plateau.steps", middle, ErrorBar.STD, true);
    assertThat(center.value()).isEqualTo(310);
    assertThat(center.lower()).isCloseTo(310, within(1e-9));
  }

  @ParameterizedTest
  @EnumSource(ErrorBar.class)
  void one_time_has_no_bar(ErrorBar bar) {
    Center center = Center.of(cell(310), "plateau.steps", Middle.MEAN, bar, false);
    assertThat(center.value()).isEqualTo(310);
    assertThat(center.lower()).isNaN();
    assertThat(center.upper()).isNaN();
  }

  @Test
  void a_time_of_0_has_no_geometric_mean_and_no_bar_of_logarithms() {
    Center center =
        Center.of(cell(0, 100, 400), "plateau.steps", Middle.GEOMETRIC_MEAN, ErrorBar.STD, true);
    assertThat(center.value()).isNaN();
    Center mean = Center.of(cell(0, 100, 200), "plateau.steps", Middle.MEAN, ErrorBar.STD, true);
    assertThat(mean.value()).isEqualTo(100);
    assertThat(mean.lower()).isNaN();
    assertThat(mean.upper()).isNaN();
  }
}
