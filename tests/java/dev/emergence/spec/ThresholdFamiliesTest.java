package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.measure.Emergence;
import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Stop;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThresholdFamiliesTest {
  @Kind(value = "rows", doc = "Two rows of three targets.")
  record Rows() implements TaskSpec {
    @Override
    public Prediction predicts() {
      return new Prediction(
          7,
          4,
          true,
          4,
          Loss.CROSS_ENTROPY,
          new Span(0, 6),
          List.of(
              new Slice("out", 3, 3, 1), new Slice("row.0", 0, 2, 3), new Slice("row.1", 1, 2, 3)));
    }
  }

  private static RunConfig config(Threshold threshold, String stop) {
    return new RunConfig(
        new Rows(),
        Defaults.with(RepetitionSpec.class, Map.of()),
        Defaults.with(TransformerSpec.class, Map.of()),
        Defaults.with(TrainingSpec.class, Map.of()),
        Defaults.with(
            MeasurementSpec.class,
            Map.of(
                "thresholds",
                Map.of("rows", threshold),
                "stop",
                new Stop(Optional.of(stop), 0.2, false))));
  }

  private static Threshold on(String metric) {
    return Defaults.with(
        Threshold.class, Map.of("metric", metric, "below", Optional.of(0.35), "smooth", 4));
  }

  @Test
  void slices_have_columns_of_their_own() {
    assertThat(Metrics.of(config(on("test.loss"), "rows")))
        .containsExactly(
            "test.loss",
            "test.loss.out",
            "test.loss.row.0",
            "test.loss.row.1",
            "test.accuracy",
            "test.accuracy.out",
            "test.accuracy.row.0",
            "test.accuracy.row.1",
            "test.exact",
            "test.solved_rows",
            "train.loss",
            "train.accuracy");
  }

  @Test
  void a_family_is_first_all_and_each() {
    Map<String, Threshold> thresholds =
        config(on("test.loss.row.*"), "rows.all").measurement().thresholds();
    assertThat(thresholds)
        .containsOnlyKeys("rows.first", "rows.all", "rows.0", "rows.1")
        .containsEntry("rows.first", on("min(test.loss.row.*)"))
        .containsEntry("rows.all", on("max(test.loss.row.*)"))
        .containsEntry("rows.1", on("test.loss.row.1"));
  }

  @Test
  void a_family_above_a_level_is_first_at_the_largest() {
    Threshold above =
        Defaults.with(
            Threshold.class, Map.of("metric", "test.accuracy.row.*", "above", Optional.of(0.9)));
    assertThat(config(above, "rows.1").measurement().thresholds().get("rows.first").metric())
        .isEqualTo("max(test.accuracy.row.*)");
  }

  /** The first loss of a row is no measure of another's. */
  @Test
  void each_column_of_a_relative_family_is_compared_with_its_own_first_value() {
    Threshold half =
        Defaults.with(
            Threshold.class,
            Map.of(
                "metric",
                "test.loss.row.*",
                "below",
                Optional.of(0.5),
                "relative_to",
                MeasurementSpec.Relative.INITIAL));
    Map<String, Threshold> rows = config(half, "rows.all").measurement().thresholds();
    Curve curve =
        new Curve(
            List.of("test.loss.row.0", "test.loss.row.1"),
            new double[] {0, 10, 20, 30},
            new double[][] {{2, 0.8}, {0.9, 0.8}, {0.9, 0.5}, {0.9, 0.3}});
    assertThat(step(curve, rows, "rows.0")).isEqualTo(10);
    assertThat(step(curve, rows, "rows.1")).isEqualTo(30);
    assertThat(step(curve, rows, "rows.first")).isEqualTo(10);
    assertThat(step(curve, rows, "rows.all")).isEqualTo(30);
  }

  private static double step(Curve curve, Map<String, Threshold> thresholds, String name) {
    return ((Emergence.Reached) Emergence.of(curve, name, thresholds.get(name))).step();
  }

  private static RunConfig ofHeads(String metric) {
    MeasurementSpec.Attention recorded =
        Defaults.with(
            MeasurementSpec.Attention.class, Map.of("record", List.of(AttentionRecord.ENTROPY)));
    return new RunConfig(
        new Rows(),
        Defaults.with(RepetitionSpec.class, Map.of()),
        Defaults.with(TransformerSpec.class, Map.of("layers", 2, "heads", 3)),
        Defaults.with(TrainingSpec.class, Map.of()),
        Defaults.with(
            MeasurementSpec.class,
            Map.of("thresholds", Map.of("sparse", on(metric)), "attention", recorded)));
  }

  @Test
  void a_family_of_one_layer_has_its_heads() {
    assertThat(ofHeads("attention.2.*.entropy").measurement().thresholds())
        .containsOnlyKeys("sparse.first", "sparse.all", "sparse.1", "sparse.2", "sparse.3")
        .containsEntry("sparse.first", on("min(attention.2.*.entropy)"))
        .containsEntry("sparse.3", on("attention.2.3.entropy"));
  }

  @Test
  void a_family_of_all_heads_names_each_by_layer_and_head() {
    RunConfig config = ofHeads("attention.*.entropy");
    assertThat(config.measurement().thresholds())
        .hasSize(2 + 2 * 3)
        .containsEntry("sparse.all", on("max(attention.*.entropy)"))
        .containsEntry("sparse.2.3", on("attention.2.3.entropy"))
        .doesNotContainKey("sparse.entropy");
    assertThat(Metrics.has(config, "max(attention.*.entropy)")).isTrue();
    assertThat(Metrics.has(config, "max(attention.*.relevant)")).isFalse();
  }

  @Test
  void two_stars_are_told_to_become_one() {
    assertThatThrownBy(() -> ofHeads("attention.*.*.entropy"))
        .isInstanceOf(InvalidSpec.class)
        .satisfies(
            e ->
                assertThat(((InvalidSpec) e).problems().get(0).hint())
                    .isEqualTo(
                        "a family of thresholds has one *: attention.*.entropy is of all heads,"
                            + " attention.1.*.entropy of those of layer 1"));
  }

  @Test
  void a_family_of_nothing_is_told() {
    assertThatThrownBy(() -> config(on("test.loss.state.*"), "rows"))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("nothing measures 'test.loss.state.*'");
  }

  private static Threshold member(int number, String metric) {
    return Defaults.with(
        Threshold.class,
        Map.of("metric", metric, "below", Optional.of(0.3), "member", Optional.of(number)));
  }

  @Test
  void a_member_is_the_threshold_of_its_column_alone() {
    Map<String, Threshold> thresholds =
        config(member(1, "test.loss.row.*"), "rows").measurement().thresholds();
    assertThat(thresholds).containsOnlyKeys("rows");
    assertThat(thresholds.get("rows").metric()).isEqualTo("test.loss.row.1");
    assertThat(thresholds.get("rows").member()).contains(1);
  }

  /** A condition is written out with its column, and read again. */
  @Test
  void what_is_written_out_is_the_same_once_more() {
    Map<String, Threshold> thresholds =
        config(member(1, "test.loss.row.*"), "rows").measurement().thresholds();
    assertThat(config(thresholds.get("rows"), "rows").measurement().thresholds())
        .isEqualTo(thresholds);
  }

  @Test
  void a_member_that_is_not_there_is_told() {
    assertThatThrownBy(() -> config(member(2, "test.loss.row.*"), "rows"))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("nothing measures 'test.loss.row.2'");
  }

  @Test
  void a_member_of_no_family_is_told() {
    assertThatThrownBy(() -> config(member(2, "test.loss"), "rows"))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("has a member, but its metric is no family");
  }
}
