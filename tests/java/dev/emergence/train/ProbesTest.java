package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.model.Objective;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.Loss;
import dev.emergence.spec.Measure;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Parts;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.Slice;
import dev.emergence.spec.Span;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.spec.TransformerSpec;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is measured of predictions at several positions, by hand on two sequences of four. */
class ProbesTest {
  private record Four() implements TaskSpec {
    @Override
    public Prediction predicts() {
      return new Prediction(
          4,
          3,
          true,
          3,
          Loss.CROSS_ENTROPY,
          new Span(0, 4),
          List.of(
              new Slice("out", 2, 2, 1), new Slice("row.0", 0, 2, 2), new Slice("row.1", 1, 2, 2)));
    }
  }

  private static final Parts PARTS =
      new Parts(
          new Four(),
          Defaults.with(RepetitionSpec.class, Map.of()),
          Defaults.with(TransformerSpec.class, Map.of()),
          Defaults.with(TrainingSpec.class, Map.of()),
          Defaults.with(MeasurementSpec.class, Map.of()),
          new ArrayList<>());

  /** Score of the right class, in the order (sequence, position); the two others have 0. */
  private static final double[] SCORES = {20, 0.5, 20, -1, 20, 20, 20, 20, 3, 3, 3, 3};

  private static double loss(double score) {
    return Math.log(Math.exp(score) + 2) - score;
  }

  private static Map<String, Double> measured(int used) {
    // One target a sequence, for all of its positions.
    return measured(used, new int[] {1, 1, 1});
  }

  private static Map<String, Double> measured(int used, int[] targets) {
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend)) {
      Tensor prediction = scope.floats(1, 3, 4, 3);
      Tensor target = scope.ints(1, 3, targets.length / 3);
      backend.write(target, targets);
      double[] scores = new double[36];
      for (int i = 0; i < SCORES.length; i++) {
        scores[3 * i + 1] = SCORES[i];
      }
      backend.write(prediction, scores);
      Objective objective = new Objective(backend, scope, prediction, target, false);
      objective.forward();
      Batch none = null;
      List<String> columns = new ArrayList<>();
      Measure.all().forEach(m -> columns.addAll(m.columns(PARTS, "test")));
      Means means = new Means(1, columns);
      List<Probe.Bound> bound =
          Measure.all().stream()
              .filter(m -> !m.columns(PARTS, "test").isEmpty())
              .map(
                  m ->
                      ((Probe) m)
                          .bind(new Probe.Place(backend, scope, PARTS, "test", 3, none, objective)))
              .toList();
      bound.forEach(b -> b.add(means, used));
      bound.forEach(b -> b.finish(means));
      Map<String, Double> out = new java.util.LinkedHashMap<>();
      columns.forEach(c -> out.put(c, means.value(0, means.at(c))));
      return out;
    }
  }

  @Test
  void losses_are_means_over_the_targets_of_their_slice() {
    Map<String, Double> of = measured(2);
    double all = Arrays.stream(SCORES, 0, 8).map(ProbesTest::loss).sum() / 8;
    assertThat(of.get("test.loss")).isCloseTo(all, within(1e-12));
    assertThat(of.get("test.loss.out")).isCloseTo((3 * loss(20) + loss(-1)) / 4, within(1e-12));
    assertThat(of.get("test.loss.row.0")).isCloseTo(loss(20), within(1e-12));
    assertThat(of.get("test.loss.row.1"))
        .isCloseTo((loss(0.5) + loss(-1) + 2 * loss(20)) / 4, within(1e-12));
  }

  @Test
  void targets_that_are_not_scored_take_no_part() {
    Map<String, Double> of = measured(2, new int[] {1, -1, 1, -1, -1, 1, -1, 1, 1, 1, 1, 1});
    assertThat(of.get("test.loss")).isCloseTo(loss(20), within(1e-12));
    assertThat(of.get("test.loss.row.1")).isCloseTo(loss(20), within(1e-12));
    assertThat(of.get("test.accuracy")).isEqualTo(1);
    assertThat(of.get("test.exact")).isEqualTo(1);
    assertThat(
            measured(1, new int[] {1, -1, 1, -1, -1, 1, -1, 1, 1, 1, 1, 1}).get("test.loss.row.1"))
        .isNaN();
  }

  @Test
  void accuracies_count_the_likeliest_class() {
    Map<String, Double> of = measured(2);
    assertThat(of.get("test.accuracy")).isEqualTo(7.0 / 8);
    assertThat(of.get("test.accuracy.out")).isEqualTo(3.0 / 4);
    assertThat(of.get("test.accuracy.row.0")).isEqualTo(1);
  }

  @Test
  void a_sequence_is_exact_when_it_is_right_everywhere() {
    assertThat(measured(2).get("test.exact")).isEqualTo(1.0 / 2);
    assertThat(measured(3).get("test.exact")).isEqualTo(2.0 / 3);
    // Of the second sequence nothing is scored: to be right nowhere is not to be exact.
    int[] some = {1, -1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1};
    assertThat(measured(2, some).get("test.exact")).isZero();
    assertThat(measured(3, some).get("test.exact")).isEqualTo(1.0 / 2);
  }

  @Test
  void a_row_is_solved_below_a_loss_of_five_hundredths() {
    assertThat(measured(2).get("test.solved_rows")).isEqualTo(1);
  }

  private static final Parts ASKING =
      new Parts(
          PARTS.task(),
          PARTS.repetition(),
          PARTS.architecture(),
          PARTS.training(),
          Defaults.with(
              MeasurementSpec.class,
              Map.of(
                  "test_sets",
                  Map.of(
                      "test",
                      Defaults.with(
                          MeasurementSpec.TestSet.class, Map.of("prompts", Optional.of("any")))))),
          new ArrayList<>());

  /** Prompts whose foil is class 0 everywhere. */
  private record Asking(Optional<Tensor> foil) implements Batch {
    @Override
    public Tensor input() {
      throw new AssertionError("not read");
    }

    @Override
    public Tensor target() {
      throw new AssertionError("not read");
    }

    @Override
    public List<Parents> parents() {
      return List.of();
    }

    @Override
    public void draw(Tensor step) {
      throw new AssertionError("not drawn");
    }
  }

  @Test
  void prompts_have_the_probability_of_their_answers_and_a_difference_of_logits() {
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend)) {
      Tensor prediction = scope.floats(1, 2, 4, 3);
      Tensor target = scope.ints(1, 2, 4);
      Tensor foil = scope.ints(1, 2, 4);
      // The last two positions of the first sequence, the last one of the second.
      backend.write(target, new int[] {-1, -1, 1, 2, -1, -1, -1, 1});
      backend.write(foil, new int[] {-1, -1, 0, 0, -1, -1, -1, 2});
      double[] scores = new double[24];
      double[][] rows = {{0.5, 2, -1}, {1.5, 0.25, 3}, {0.1, 0.7, 0.9}};
      int[] at = {2, 3, 7};
      for (int i = 0; i < 3; i++) {
        System.arraycopy(rows[i], 0, scores, 3 * at[i], 3);
      }
      backend.write(prediction, scores);
      Objective objective = new Objective(backend, scope, prediction, target, false);
      objective.forward();
      List<String> columns = List.of("test.probability", "test.logit_difference");
      Means means = new Means(1, columns);
      Probe.Place place =
          new Probe.Place(
              backend, scope, ASKING, "test", 2, new Asking(Optional.of(foil)), objective);
      for (Probe probe : List.of(new TargetProbability(), new LogitDifference())) {
        assertThat(columns).containsAll(probe.columns(ASKING, "test"));
        assertThat(probe.columns(PARTS, "test")).isEmpty();
        Probe.Bound bound = probe.bind(place);
        bound.compute();
        bound.add(means, 2);
      }
      double p = softmax(rows[0], 1) + softmax(rows[1], 2) + softmax(rows[2], 1);
      assertThat(means.value(0, 0)).isCloseTo(p / 3, within(1e-12));
      double difference = (2 - 0.5) + (3 - 1.5) + (0.7 - 0.9);
      assertThat(means.value(0, 1)).isCloseTo(difference / 3, within(1e-12));
    }
  }

  private static double softmax(double[] logits, int which) {
    return Math.exp(logits[which]) / Arrays.stream(logits).map(Math::exp).sum();
  }
}
