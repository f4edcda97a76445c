package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.measure.Ending;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.GridPlots;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TheoryPlots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every plot of every example has something to show once its runs are there, whatever their
 * numbers.
 */
class ExamplePlotsTest {
  private static final int ROWS = 12;

  static Stream<Path> examples() throws IOException {
    return Files.walk(Path.of("dsl-examples"))
        .filter(p -> p.toString().endsWith(".yaml") && !p.toString().contains("base"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_plot_of_an_example_can_be_drawn(Path file) {
    Reading reading = SpecReader.read(file, ReadOptions.none());
    Plan plan =
        Planner.plan(reading.spec().orElseThrow(() -> new AssertionError(reading.toText())));
    Map<String, String> empty = new TreeMap<>();
    Report.figures(Analysis.of(plan, runs(plan)), run -> PlotsTest.pictures())
        .forEach(
            (name, figure) -> {
              String svg = figure.svg();
              if (Svg.texts(svg).contains("no data")) {
                empty.put(name, String.join(" ", Svg.texts(svg)));
              }
            });
    assertThat(empty).isEmpty();
  }

  private static Map<String, StoredRun> runs(Plan plan) {
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun p : plan.runs()) {
      List<String> columns = columns(plan, p.run().config());
      double end = Math.min(p.run().config().training().maxSteps(), 10000);
      double[] steps = new double[ROWS];
      double[][] values = new double[ROWS][columns.size()];
      for (int row = 0; row < ROWS; row++) {
        steps[row] = end * row / (ROWS - 1);
        for (int c = 0; c < columns.size(); c++) {
          double down = Math.pow(0.5, row);
          // Above every threshold at first: ln 4 is where automata begin.
          values[row][c] = columns.get(c).contains(".loss") ? 1.4 * down : 0.99 - 0.6 * down;
        }
      }
      runs.put(
          p.id(),
          new StoredRun(
              p.run(),
              new Outcome(Outcome.State.COMPLETE, Ending.limit(p.run().config()), "", 1, 1),
              new Curve(columns, steps, values)));
    }
    return runs;
  }

  /** Adds a metric; the time of a threshold is none. */
  private static void measured(String column, Set<String> to) {
    if (!column.endsWith(".steps") && !column.endsWith(".time")) {
      to.add(column);
    }
  }

  /** All that thresholds and claims read and plots draw. */
  private static List<String> columns(Plan plan, RunConfig config) {
    Set<String> columns = new LinkedHashSet<>();
    config.measurement().thresholds().values().forEach(t -> columns.add(t.metric()));
    if (plan.experiment().claims().values().stream().anyMatch(ClaimSpec.Ladder.class::isInstance)) {
      // The whole loss, of which thresholds read the rows alone.
      columns.add("test.loss");
    }
    for (PlotSpec plot : plan.experiment().plots().values()) {
      if (plot instanceof PlotSpec.LearningCurves c) {
        columns.add(c.y());
      } else if (plot instanceof PlotSpec.Scaling s) {
        measured(s.y(), columns);
      } else if (plot instanceof GridPlots.Rows r) {
        String regex = r.y().replace(".", "\\.").replace("*", "[^.]+");
        Metrics.of(config).stream().filter(name -> name.matches(regex)).forEach(columns::add);
      } else if (plot instanceof TheoryPlots.Trajectories t) {
        columns.addAll(t.y());
        columns.add(t.x());
      } else if (plot instanceof TheoryPlots.Landscape l) {
        columns.addAll(List.of(l.x(), l.y()));
      }
    }
    return List.copyOf(columns);
  }
}
