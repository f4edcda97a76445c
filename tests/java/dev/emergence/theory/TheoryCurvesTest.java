package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.emergence.spec.RepetitionSpec.Change;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec.Dynamics;
import dev.emergence.spec.ToySpec.Scores;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TheoryCurvesTest {
  private static final int LENGTH = 200_000;
  private static final int DIM = 40_000;

  @ParameterizedTest
  @ValueSource(strings = {"linearization", "gaussian_plateau", "reduced_flow"})
  void on_the_early_plateau_every_curve_is_the_run(String name) {
    for (double crossSample : new double[] {0, 0.2}) {
      Toys toys = Toys.with(LENGTH, DIM, 3, crossSample).testSet("one", 1, 0).scores(Scores.UNTIED);
      double end =
          0.1 / new Linearization(new Setting(DIM, LENGTH, 3, crossSample), Scores.UNTIED).rate();
      Trajectory run = toys.until(end, 2).integrate();
      int last = run.times().length - 1;
      for (String column :
          new String[] {"w", "w_tilde", "delta_a", "alpha", "attention.relevant"}) {
        double[] curve = TheoryCurves.over(name, toys.config(), column, new double[] {end});
        assertThat(curve[0]).as(column).isCloseTo(run.column(column)[last], withPercentage(0.5));
      }
      for (String column : new String[] {"train.loss", "test.loss", "one.loss"}) {
        double[] curve = TheoryCurves.over(name, toys.config(), column, new double[] {0, end});
        assertThat(curve[0]).as(column).isEqualTo(0.5, offset(1e-12));
        assertThat(0.5 - curve[1])
            .as(column)
            .isCloseTo(0.5 - run.column(column)[last], withPercentage(3));
      }
    }
  }

  @Test
  void curves_of_descent_are_over_its_steps() {
    RunConfig config = Toys.with(512, 64, 1, 0).dynamics(Dynamics.FULL).descent(0.25, 0.5).config();
    double[] flow =
        TheoryCurves.over(
            "reduced_flow",
            Toys.with(512, 64, 1, 0).scores(Scores.UNTIED).config(),
            "w",
            new double[] {0, 3000, 6000});
    assertThat(TheoryCurves.over("reduced_flow", config, "w", new double[] {0, 6000, 12_000}))
        .containsExactly(flow, offset(1e-9));
  }

  @Test
  void no_curve_goes_on_after_a_change_of_repetition() {
    Change change =
        new Change(Optional.of(40.0), Optional.empty(), Optional.of(3), Optional.of(0.5));
    Trajectory run = Toys.with(24, 6, 2, 0).change(change).until(80, 3).integrate();
    RunConfig config = Toys.with(24, 6, 2, 0).change(change).config();
    for (String column : new String[] {"w", "w_tilde", "alpha", "test.loss"}) {
      double[] curve =
          TheoryCurves.over("reduced_flow", config, column, new double[] {0, 40, 40.5});
      int row = Arrays.binarySearch(run.times(), 40);
      assertThat(curve[1]).as(column).isCloseTo(run.column(column)[row], withPercentage(1e-3));
      assertThat(curve[2]).as(column).isNaN();
    }
    Change waits =
        new Change(
            Optional.empty(),
            Optional.of(Toys.below("test.loss", 0.4)),
            Optional.empty(),
            Optional.of(0.5));
    RunConfig waiting = Toys.with(24, 6, 2, 0).change(waits).config();
    assertThat(TheoryCurves.unchangedUntil(waiting)).isZero();
    assertThat(Optimum.of("w", waiting)).hasValue(Math.sqrt(5));
    assertThat(Optimum.of("alpha", waiting)).hasValue(0.5);
    assertThat(Optimum.of("alpha", config)).isEmpty();
  }

  @Test
  void the_gaussian_plateau_ends_where_it_runs_away() {
    RunConfig config = Toys.with(512, 64, 1, 0).config();
    double[] curve =
        TheoryCurves.over(
            "gaussian_plateau", config, "alpha", new double[] {4000, 5000, 5130, 6000});
    assertThat(curve[1]).isGreaterThan(curve[0]).isLessThan(1);
    assertThat(curve[3]).isNaN();
  }

  @Test
  void the_late_phase_begins_after_the_plateau_and_meets_the_run() {
    RunConfig config = Toys.with(32, 4, 1, 0).config();
    double[] curve = TheoryCurves.over("late_phase", config, "test.loss", new double[] {10, 1e5});
    double[] loss = Toys.with(32, 4, 1, 0).until(1e5, 2).integrate().column("test.loss");
    assertThat(curve[0]).isNaN();
    assertThat(curve[1]).isCloseTo(loss[loss.length - 1], withPercentage(3));
  }

  @Test
  void what_a_curve_does_not_know_is_not_a_number() {
    RunConfig config = Toys.with(32, 4, 1, 0).config();
    for (String name : TheoryCurves.names()) {
      assertThat(TheoryCurves.over(name, config, "clean.accuracy", new double[] {1}))
          .as(name)
          .containsExactly(Double.NaN);
    }
    assertThatThrownBy(() -> TheoryCurves.over("magic", config, "w", new double[] {1}))
        .hasMessage(
            "no theoretical curve 'magic'; known: gaussian_plateau, late_phase, linearization,"
                + " reduced_flow");
  }

  @Test
  void relations_run_from_uniform_attention_to_all_of_it() {
    Relation relation = Relation.of("w_inf", Toys.with(256, 64, 4, 0).config(), 5);
    assertThat(relation.x()).isEqualTo("alpha");
    assertThat(relation.points()[0])
        .containsExactly(
            new double[] {
              1 / 256.0,
              new LatePhase(new Setting(64, 256, 4, 0), Scores.TIED).equilibrium(4 / 256.0)
            },
            offset(1e-12));
    assertThat(relation.points()[4]).containsExactly(new double[] {0.25, 8}, offset(1e-12));
    assertThat(
            Relation.of("loss_at_equilibrium", Toys.with(256, 64, 1, 0).config(), 3).points()[2][1])
        .isEqualTo(0, offset(1e-15));
    assertThatThrownBy(() -> Relation.of("w", Toys.with(256, 64, 4, 0).config(), 5))
        .hasMessage("no relation 'w'; known: loss_at_equilibrium, w_inf");
  }

  @Test
  void the_landscape_has_a_row_for_each_w() {
    Setting setting = new Setting(64, 256, 1, 0);
    double[][] loss = Landscape.loss(setting, new double[] {0, 5, 10}, new double[] {0, 8});
    assertThat(loss).hasDimensions(2, 3);
    assertThat(loss[0]).containsExactly(new double[] {0.5, 0.5, 0.5}, offset(1e-15));
    assertThat(loss[1][2]).isEqualTo(ReducedLoss.plane(setting).value(new double[] {8, 10}));
  }

  @Test
  void settings_that_cannot_be_are_refused() {
    assertThatThrownBy(() -> new Setting(8, 4, 5, 0))
        .hasMessage("in_context must be from 1 to the length 4, got 5");
    assertThatThrownBy(() -> new Setting(8, 4, 1, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Setting(0, 4, 1, 0)).hasMessageContaining("dim");
  }
}
