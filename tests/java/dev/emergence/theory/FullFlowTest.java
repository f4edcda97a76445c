package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.emergence.spec.RepetitionSpec.Change;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec.Dynamics;
import dev.emergence.spec.ToySpec.Scores;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FullFlowTest {

  /**
   * d×d with columns of norm 1, and a random unit vector: the assumptions under which the reduction
   * is exact.
   */
  private static ToyStart start(int d, long seed) {
    Random random = new Random(seed);
    double[] special = new double[d];
    double norm = 0;
    for (int i = 0; i < d; i++) {
      special[i] = random.nextGaussian();
      norm += special[i] * special[i];
    }
    for (int i = 0; i < d; i++) {
      special[i] /= Math.sqrt(norm);
    }
    return new ToyStart(rotation(d, random), new double[d][d], special);
  }

  /**
   * Gram-Schmidt: all columns of an orthogonal matrix have norm 1 in whatever basis, so also along
   * and across any special token.
   */
  private static double[][] rotation(int d, Random random) {
    double[][] rows = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        rows[i][j] = random.nextGaussian();
      }
      for (int k = 0; k < i; k++) {
        double product = 0;
        for (int j = 0; j < d; j++) {
          product += rows[i][j] * rows[k][j];
        }
        for (int j = 0; j < d; j++) {
          rows[i][j] -= product * rows[k][j];
        }
      }
      double norm = 0;
      for (double value : rows[i]) {
        norm += value * value;
      }
      for (int j = 0; j < d; j++) {
        rows[i][j] /= Math.sqrt(norm);
      }
    }
    return rows;
  }

  @ParameterizedTest(name = "T = {0}, d = {1}, B = {2}, p = {3}")
  @CsvSource({"24, 6, 1, 0", "30, 5, 4, 0", "20, 7, 1, 0.3", "26, 4, 3, 0.5", "12, 5, 11, 0.2"})
  void the_untied_reduced_flow_is_the_full_flow(
      int length, int dim, int inContext, double crossSample) {
    double end =
        4
            * new GaussianPlateau(new Setting(dim, length, inContext, crossSample), Scores.UNTIED)
                .time(0.2);
    Trajectory reduced =
        toys(length, dim, inContext, crossSample).scores(Scores.UNTIED).until(end, 60).integrate();
    Toys full = toys(length, dim, inContext, crossSample).dynamics(Dynamics.FULL).until(end, 60);
    Trajectory whole = ToyRun.integrate(full.config(), start(dim, 3));
    assertThat(whole.crossings().get("plateau"))
        .isEqualTo(reduced.crossings().get("plateau"), offset(1e-6 * end));
    for (String column : whole.columns()) {
      for (double time :
          new Sampling(60, dev.emergence.spec.MeasurementSpec.Spacing.LINEAR).times(end)) {
        assertThat(at(whole, column, time))
            .as("%s at %g", column, time)
            .isEqualTo(at(reduced, column, time), offset(1e-6));
      }
    }
  }

  private static Toys toys(int length, int dim, int inContext, double crossSample) {
    int other = inContext == 1 ? 3 : inContext - 1;
    return Toys.with(length, dim, inContext, crossSample)
        .testSet("fewer", 1, 0.1)
        .testSet("other", other, 0)
        .testSet("more", length, 0);
  }

  private static double at(Trajectory run, String column, double time) {
    int row = java.util.Arrays.binarySearch(run.times(), time);
    assertThat(row).as("a row at %g", time).isNotNegative();
    return run.column(column)[row];
  }

  @Test
  void the_flows_agree_through_a_change_of_cross_sample_repetition() {
    Change release =
        new Change(
            Optional.empty(),
            Optional.of(Toys.below("train.loss", 0.4)),
            Optional.empty(),
            Optional.of(0.1));
    double end = 150;
    Trajectory reduced =
        toys(24, 6, 2, 0.6).scores(Scores.UNTIED).change(release).until(end, 30).integrate();
    Trajectory whole =
        ToyRun.integrate(
            toys(24, 6, 2, 0.6).dynamics(Dynamics.FULL).change(release).until(end, 30).config(),
            start(6, 9));
    assertThat(whole.column("cross_sample")).startsWith(0.6).endsWith(0.1);
    assertThat(whole.crossings()).containsOnlyKeys("plateau");
    assertThat(whole.crossings().get("plateau"))
        .isEqualTo(reduced.crossings().get("plateau"), offset(1e-5));
    assertThat(at(whole, "w_tilde", end)).isEqualTo(at(reduced, "w_tilde", end), offset(1e-6));
  }

  @Test
  void positions_that_were_relevant_keep_their_scores_when_fewer_copies_come() {
    Change fewer =
        new Change(Optional.of(60.0), Optional.empty(), Optional.of(1), Optional.empty());
    Trajectory run =
        ToyRun.integrate(
            Toys.with(24, 6, 3, 0).dynamics(Dynamics.FULL).change(fewer).until(61, 61).config(),
            start(6, 2));
    double before = at(run, "attention.relevant", 60);
    double after = at(run, "attention.relevant", 61);
    assertThat(before).isGreaterThan(0.45);
    assertThat(after).isBetween(before / 3 * 0.9, before / 3 * 1.2);
  }

  @Test
  void a_test_set_as_trained_keeps_the_repetition_that_training_begins_with() {
    Change fewer =
        new Change(Optional.of(20.0), Optional.empty(), Optional.of(1), Optional.of(0.0));
    RunConfig config =
        Toys.with(24, 6, 3, 0.4)
            .dynamics(Dynamics.FULL)
            .asTrained("open")
            .testSet("written", 3, 0.4)
            .change(fewer)
            .until(61, 31)
            .config();
    Trajectory run = ToyRun.integrate(config, start(6, 2));
    assertThat(run.column("open.loss")).containsExactly(run.column("written.loss"));
  }

  @Test
  void steps_of_gradient_descent_stay_on_the_reduced_coordinates() {
    Trajectory reduced =
        Toys.with(30, 5, 4, 0.2).scores(Scores.UNTIED).descent(0.7, 0.5).until(900, 1).integrate();
    Trajectory whole =
        ToyRun.integrate(
            Toys.with(30, 5, 4, 0.2)
                .dynamics(Dynamics.FULL)
                .descent(0.7, 0.5)
                .until(900, 1)
                .config(),
            start(5, 8));
    assertThat(whole.crossings()).isEqualTo(reduced.crossings()).containsKey("plateau");
    assertThat(whole.column("w")[whole.times().length - 1])
        .isEqualTo(reduced.column("w")[reduced.times().length - 1], offset(1e-10));
  }

  /** Rows are at multiples of evaluate_every, on both sides of a crossing, and at the end. */
  @Test
  void gradient_descent_records_the_steps_on_both_sides_of_a_crossing() {
    Trajectory run = Toys.with(30, 5, 4, 0.2).descent(0.7, 0.5).until(2500, 1).integrate();
    double crossing = run.crossings().get("plateau");
    double[] expected = {0, crossing - 1, crossing, 1000, 2000, 2500};
    java.util.Arrays.sort(expected);
    assertThat(run.times()).containsExactly(expected);
    assertThat(at(run, "test.loss", crossing)).isLessThan(0.1);
    assertThat(at(run, "test.loss", crossing - 1)).isGreaterThanOrEqualTo(0.1);
    Trajectory same = Toys.with(30, 5, 4, 0.2).descent(0.7, 0.5).until(crossing - 1, 1).integrate();
    assertThat(at(same, "test.loss", crossing - 1)).isEqualTo(at(run, "test.loss", crossing - 1));
  }

  @Test
  void the_flow_is_the_negative_gradient_of_its_loss() {
    int d = 3;
    int length = 5;
    Random random = new Random(5);
    ToyStart start = start(d, 4);
    double[][] target = new double[d][d];
    for (double[] row : target) {
      java.util.Arrays.setAll(row, j -> random.nextGaussian());
    }
    FullFlow flow = new FullFlow(new Setting(d, length, 2, 0.35), target, start.special());
    double[] state = random.doubles(flow.dimension(), -1, 1).toArray();
    double[] derivative = new double[flow.dimension()];
    flow.derivatives(state, derivative);
    for (int i = 0; i < state.length; i++) {
      double step = 1e-5;
      double[] up = state.clone();
      double[] down = state.clone();
      up[i] += step;
      down[i] -= step;
      assertThat(-derivative[i])
          .as("coordinate %d", i)
          .isEqualTo((flow.loss(up) - flow.loss(down)) / (2 * step), offset(1e-8));
    }
  }

  /** W* is (3 0; 0 4) and the special token (0.6, 0.8); the weights are 1, 2, 3, 4. */
  @Test
  void weights_start_where_they_are_given_and_are_projected_on_a_target_of_any_norm() {
    FullFlow flow =
        new FullFlow(
            new Setting(2, 7, 3, 0.2), new double[][] {{3, 0}, {0, 4}}, new double[] {0.6, 0.8});
    double[] state = flow.start(new double[][] {{1, 2}, {3, 4}});
    assertThat(state).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4);
    assertThat(flow.projection(state)).isEqualTo(19 / 5.0, offset(1e-12));
    // Of x̃: W x̃ = (2.2, 5), W* x̃ = (1.8, 3.2) of squared norm 13.48; both products less that.
    double along = 2.2 * 1.8 + 5 * 3.2;
    assertThat(flow.splitProjection(state)[0]).isEqualTo(along / Math.sqrt(13.48), offset(1e-12));
    assertThat(flow.splitProjection(state)[1])
        .isEqualTo((19 - along) / Math.sqrt(25 - 13.48), offset(1e-12));
  }

  @Test
  void the_loss_is_the_mean_over_samples() {
    int d = 3;
    int length = 6;
    int inContext = 2;
    ToyStart start = start(d, 11);
    Setting setting = new Setting(d, length, inContext, 0.4);
    FullFlow flow = new FullFlow(setting, start.target(), start.special());
    Random random = new Random(12);
    double[] state = random.doubles(flow.dimension(), -1, 1).toArray();
    double sum = 0;
    double squares = 0;
    int samples = 200_000;
    for (int i = 0; i < samples; i++) {
      double loss = sampleLoss(setting, start, state, random);
      sum += loss;
      squares += loss * loss;
    }
    double mean = sum / samples;
    double error = Math.sqrt((squares / samples - mean * mean) / samples);
    assertThat(flow.loss(state)).isEqualTo(mean, offset(4 * error));
  }

  private static double sampleLoss(Setting setting, ToyStart start, double[] state, Random random) {
    int d = setting.dim();
    double[] relevant = token(d, random);
    if (random.nextDouble() < setting.crossSample()) {
      relevant = start.special();
    }
    double[] exponentials = new double[setting.length()];
    double total = 0;
    for (int t = 0; t < exponentials.length; t++) {
      exponentials[t] = Math.exp(state[t]);
      total += exponentials[t];
    }
    double[] mixed = new double[d];
    for (int t = 0; t < exponentials.length; t++) {
      double[] token = t < setting.irrelevant() ? token(d, random) : relevant;
      for (int j = 0; j < d; j++) {
        mixed[j] += exponentials[t] / total * token[j];
      }
    }
    double loss = 0;
    for (int i = 0; i < d; i++) {
      double error = 0;
      for (int j = 0; j < d; j++) {
        error +=
            state[setting.length() + i * d + j] * mixed[j] - start.target()[i][j] * relevant[j];
      }
      loss += error * error / 2;
    }
    return loss;
  }

  private static double[] token(int d, Random random) {
    double[] out = new double[d];
    java.util.Arrays.setAll(out, j -> random.nextGaussian() / Math.sqrt(d));
    return out;
  }

  @Test
  void a_target_of_another_size_is_refused() {
    assertThatThrownBy(() -> new FullFlow(new Setting(3, 8, 1, 0), new double[2][2], new double[3]))
        .hasMessageContaining("3×3");
  }
}
