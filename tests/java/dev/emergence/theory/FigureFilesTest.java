package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.Verdict;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.fit.FitResult;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The theory figures of the first paper, from their files to their checked laws. */
class FigureFilesTest {
  private static final Map<String, Analysis> DONE = new ConcurrentHashMap<>();
  private static final Path FIGURES = Path.of("dsl-examples", "paper1");

  private static Plan plan(String file) {
    Reading reading = SpecReader.read(FIGURES.resolve(file), ReadOptions.none());
    assertThat(reading.toText()).isEmpty();
    return Planner.plan(reading.spec().orElseThrow());
  }

  /** A file's analysis is read-only and shared by the tests that look at it. */
  private static Analysis analyse(String file) {
    return DONE.computeIfAbsent(file, FigureFilesTest::computed);
  }

  private static Analysis computed(String file) {
    Plan plan = plan(file);
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun planned : plan.runs()) {
      List<Goal> goals =
          planned.demands().stream()
              .map(d -> new Goal(d.maxTime(), d.thresholds(), d.stop()))
              .toList();
      Trajectory path = ToyRun.integrate(planned.run().config(), goals);
      Curve curve = new Curve(path.columns(), path.times(), path.values());
      runs.put(
          planned.id(),
          new StoredRun(
              planned.run(), new Outcome(Outcome.State.COMPLETE, path.end(), "", 1, 0), curve));
    }
    return Analysis.of(plan, runs);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "fig1.yaml, 25,",
    "fig2.yaml, 69,",
    "fig6.yaml, 1,",
    "fig7.yaml, 3,",
    "fig8.yaml, 4,",
    "fig10.yaml, 4, advantage_is_temporary"
  })
  void every_figure_meets_what_it_expects_but_for_one_statement_of_the_paper(
      String file, int runs, String missed) {
    Analysis analysis = analyse(file);
    assertThat(analysis.plan().runs()).hasSize(runs);
    assertThat(missed(analysis)).isEqualTo(missed == null ? List.of() : List.of(missed));
    assertThat(analysis.holds()).isEqualTo(missed == null);
    assertThat(analysis.runs())
        .allSatisfy(run -> assertThat(run.ended()).contains(Outcome.State.COMPLETE));
  }

  private static List<String> missed(Analysis analysis) {
    List<String> missed = new ArrayList<>();
    analysis
        .fits()
        .forEach(
            (name, fit) ->
                fit.expectations().stream()
                    .filter(met -> !met.holds())
                    .forEach(met -> missed.add(name + ": " + met.name())));
    analysis
        .claims()
        .forEach(
            (name, claim) -> {
              if (claim.verdict() != Verdict.HOLDS) {
                missed.add(name);
              }
            });
    return missed;
  }

  @Test
  void the_laws_of_figure_2_are_those_of_the_table() {
    Map<String, FitReport> fits = analyse("fig2.yaml").fits();
    expect(fits.get("left"), 0.99993, Map.of("C", 1.305, "alpha", 0.4987, "beta", 0.9980));
    expect(fits.get("left_untied"), 0.99995, Map.of("C", 83.97, "alpha", 0.4937, "beta", 0.5003));
    expect(fits.get("right"), 0.99275, Map.of("C", 1.003, "gamma", 1.0209));
  }

  @Test
  void the_law_of_figure_1_is_that_of_the_table() {
    expect(
        analyse("fig1.yaml").fits().get("plateau_law"),
        0.99997,
        Map.of("C", 1.440, "alpha", 0.4916, "beta", 0.9903));
  }

  private static void expect(FitReport fit, double r2, Map<String, Double> parameters) {
    assertThat(fit.result()).isInstanceOf(FitResult.Fitted.class);
    FitResult.Fitted law = (FitResult.Fitted) fit.result();
    assertThat(law.r2()).isEqualTo(r2, offset(1.5e-5));
    parameters.forEach(
        (name, value) ->
            assertThat(law.parameter(name).value())
                .as(name)
                .isEqualTo(value, offset(6e-4 * Math.max(1, value))));
  }

  @Test
  void plateaus_read_off_the_stored_curves_are_the_exact_crossings() {
    Analysis analysis = analyse("fig10.yaml");
    double[] times =
        analysis.runs().stream()
            .mapToDouble(run -> run.value("plateau.time").orElseThrow().number())
            .toArray();
    assertThat(times).containsExactly(new double[] {5319.27, 4186, 2894, 1737}, offset(0.6));
    Observation first = analysis.runs().get(0);
    assertThat(ToyRun.integrate(first.config()).crossings().get("plateau"))
        .isEqualTo(times[0], offset(1e-5));
  }
}
