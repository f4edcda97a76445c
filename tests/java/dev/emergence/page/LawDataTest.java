package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.result.StoredRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LawDataTest {
  private static final String FITS =
      """
      sweeps:
        seen: {grid: {task.dim: [16, 64, 32], repetition.cross_sample: [0.5, 0.0, 0.2]}}
      fits:
        law: {data: seen, formula: "T_plateau = C * d^alpha", published: {alpha: 0.7}}
      """;

  private final Map<?, ?> law = law();

  private static Map<?, ?> law() {
    Plan plan = Fabricated.plan(FITS);
    Analysis analysis =
        Analysis.of(
            plan, Fabricated.runs(plan, (c, seed) -> 1000 * Math.sqrt(Fabricated.d(c) / 16)));
    return (Map<?, ?>) new LawData(analysis).all().get(0);
  }

  private List<Map<String, Object>> lines(String axis) {
    return ((List<?>) law.get("lines"))
        .stream().map(LawDataTest::cast).filter(l -> l.get("axis").equals(axis)).toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object map) {
    return (Map<String, Object>) map;
  }

  private static double[] numbers(Object list) {
    return ((List<?>) list).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
  }

  @Test
  void a_law_says_the_level_of_its_intervals_and_what_a_reader_should_know() {
    assertThat(law.get("level")).isEqualTo("95%");
    assertThat(law.get("notes")).isEqualTo(List.of("no 95% interval: all 3 seeds give equal laws"));
    Plan plan =
        Fabricated.plan(
            FITS.replace(
                    "T_plateau = C * d^alpha\"",
                    "T_plateau = C * d^alpha\", interval: {level: 0.8}")
                + "seeds: 1\n");
    Map<String, StoredRun> runs =
        Fabricated.runs(plan, (c, seed) -> 1000 * Math.sqrt(Fabricated.d(c) / 16));
    runs.remove(plan.runs().get(0).id());
    Analysis analysis = Analysis.of(plan, runs);
    Map<?, ?> fewer = (Map<?, ?>) new LawData(analysis).all().get(0);
    assertThat(fewer.get("level")).isEqualTo("80%");
    assertThat(fewer.get("notes")).asString().contains("1 missing left out");
    assertThat((List<?>) fewer.get("notes")).hasSizeGreaterThan(1);
  }

  @Test
  void the_law_of_a_gradient_flow_is_one_of_times() {
    assertThat(law.get("of")).isEqualTo("plateau.steps");
    Plan flows =
        Yaml.plan(
            """
            dsl: 1
            name: flows
            task: {kind: linear_regression, dim: 16, sequence_length: 32, relevant_position: last,
              relevant_feature: false, unit_columns: true}
            architecture: {kind: toy, dynamics: reduced, scores: tied}
            training: {optimizer: {kind: gradient_flow}, max_time: 1000}
            measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}
            seeds: none
            sweeps: {seen: {grid: {task.sequence_length: [32, 64, 128]}}}
            fits: {law: {data: seen, formula: "T_plateau = C * T^beta"}}
            """);
    Analysis none = Analysis.of(flows, Map.of());
    assertThat(((Map<?, ?>) new LawData(none).all().get(0)).get("of")).isEqualTo("plateau.time");
  }

  @Test
  void a_line_between_positive_ends_has_places_of_equal_ratios() {
    assertThat(lines("task.dim")).hasSize(3);
    for (Map<String, Object> line : lines("task.dim")) {
      double[] x = numbers(line.get("x"));
      assertThat(x[0]).isEqualTo(16);
      assertThat(x[x.length - 1]).isCloseTo(64, within(1e-9));
      for (int i = 1; i < x.length; i++) {
        assertThat(x[i] / x[i - 1]).isCloseTo(Math.pow(4, 1.0 / (x.length - 1)), within(1e-9));
      }
    }
  }

  @Test
  void a_line_that_begins_at_zero_has_places_of_equal_distances() {
    assertThat(lines("repetition.cross_sample")).hasSize(3);
    for (Map<String, Object> line : lines("repetition.cross_sample")) {
      double[] x = numbers(line.get("x"));
      for (int i = 0; i < x.length; i++) {
        assertThat(x[i]).isCloseTo(0.5 * i / (x.length - 1), within(1e-12));
      }
    }
  }

  /** The learning rate is no axis here, but the law depends on it. */
  @Test
  void conditions_that_variants_or_sweeps_set_apart_have_a_line_each() {
    String apart =
        """
        sweeps:
          one: {grid: {task.dim: [16, 32]}, set: {training.optimizer.learning_rate: 1.0e-3}}
          two: {grid: {task.dim: [32, 64]}, set: {training.optimizer.learning_rate: 4.0e-3}}
        fits: {law: {data: [one, two], formula: "T_plateau = C * d^alpha * lr^beta"}}
        """;
    String variants =
        """
        sweeps:
          one:
            grid: {task.dim: [16, 32]}
            variants:
              slow: {training: {optimizer: {learning_rate: 1.0e-3}}}
              fast: {training: {optimizer: {learning_rate: 4.0e-3}}}
        fits: {law: {data: one, formula: "T_plateau = C * d^alpha * lr^beta"}}
        """;
    for (String file : List.of(apart, variants)) {
      Plan plan = Fabricated.plan(file);
      Map<String, StoredRun> runs =
          Fabricated.runs(
              plan,
              (c, seed) ->
                  Fabricated.d(c) / Fabricated.number(c, "training.optimizer.learning_rate") / 100);
      Map<?, ?> found = (Map<?, ?>) new LawData(Analysis.of(plan, runs)).all().get(0);
      List<Double> ends =
          ((List<?>) found.get("lines"))
              .stream().map(line -> numbers(cast(line).get("y"))[0]).toList();
      assertThat(ends).as(file).hasSize(2);
      // At 1e-3 and 4e-3: a quarter of the time at the same d, half of it at twice the d.
      double ratio = ends.get(0) / ends.get(1);
      assertThat(ratio).as(file).isCloseTo(file.equals(apart) ? 2 : 4, within(0.3));
    }
  }

  @Test
  void the_law_along_a_line_and_at_a_point_is_the_same() {
    double alpha = (Double) cast(cast(law.get("parameters")).get("alpha")).get("value");
    assertThat(alpha).isCloseTo(0.5, within(0.03));
    Map<String, Object> line = lines("task.dim").get(0);
    double[] x = numbers(line.get("x"));
    double[] y = numbers(line.get("y"));
    for (int i = 0; i < x.length; i++) {
      assertThat(y[i]).isCloseTo(y[0] * Math.pow(x[i] / 16, alpha), within(1e-6 * y[i]));
    }
    List<Map<String, Object>> points =
        ((List<?>) law.get("points")).stream().map(LawDataTest::cast).toList();
    assertThat(points).hasSize(9);
    for (Map<String, Object> point : points) {
      double d = ((Number) cast(point.get("x")).get("task.dim")).doubleValue();
      double predicted = (Double) point.get("law");
      assertThat(predicted).isCloseTo(y[0] * Math.pow(d / 16, alpha), within(1e-6 * predicted));
      for (Object value : (List<?>) point.get("values")) {
        List<?> one = (List<?>) value;
        double measured = (Double) one.get(0);
        assertThat(measured).isEqualTo(Math.ceil(100 * Math.sqrt(d / 16)) * 10);
        assertThat(one.get(1)).isEqualTo(0);
        assertThat((Double) one.get(2)).isCloseTo(Math.log(measured / predicted), within(1e-12));
      }
    }
  }

  /** The shorter view of a run, which does not emerge in it, is no point of the law. */
  @Test
  void the_points_are_those_that_the_law_is_fitted_to() {
    Plan plan =
        Fabricated.plan(
            """
            sweeps:
              short: {grid: {task.dim: [16, 64]}, set: {training.max_steps: 500}}
              long: {grid: {task.dim: [16, 64]}}
            fits: {law: {data: [short, long], formula: "T_plateau = C * d^alpha"}}
            """);
    Map<String, StoredRun> runs = Fabricated.runs(plan, (c, seed) -> 50 * Fabricated.d(c));
    Map<?, ?> shared = (Map<?, ?>) new LawData(Analysis.of(plan, runs)).all().get(0);
    assertThat((List<?>) shared.get("points"))
        .hasSize(2)
        .allSatisfy(point -> assertThat(cast(point).get("unreached")).isEqualTo(0));
  }
}
