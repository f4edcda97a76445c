package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.spec.TaskSpec.RelevantPosition;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.Dynamics;
import dev.emergence.spec.ToySpec.Scores;
import dev.emergence.spec.ToySpec.ToyInitialization;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.task.RegressionConstants;
import dev.emergence.tensor.Backend;
import dev.emergence.theory.ToyRun;
import dev.emergence.theory.ToyStart;
import dev.emergence.theory.Trajectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The toy model trained on samples, against gradient descent on the expected loss. */
class ToyTrainingTest {
  private static final int DIM = 3;
  private static final int SEED = 4;

  private static RunConfig config(
      Dynamics dynamics, RelevantPosition position, int batch, int steps) {
    return new RunConfig(
        new LinearRegression(DIM, 6, position, false, TaskSpec.SpecialToken.UNIT, false),
        new RepetitionSpec(2, 0.3, 2, List.of()),
        new ToySpec(dynamics, Scores.TIED, ToyInitialization.ZERO),
        Defaults.with(
            TrainingSpec.class,
            Map.of(
                "optimizer",
                new OptimizerSpec.Sgd(0.5, 0),
                "batch_size",
                batch,
                "max_steps",
                (long) steps)),
        Defaults.with(
            MeasurementSpec.class,
            Map.of(
                "evaluate_every",
                steps,
                "evaluate_samples",
                2000,
                "test_sets",
                Map.of(
                    "test",
                    new MeasurementSpec.TestSet(
                        Optional.of(1), Optional.of(0.0), Optional.empty())))));
  }

  private static ToyStart start(RunConfig config) {
    RegressionConstants drawn = RegressionConstants.draw((LinearRegression) config.task(), SEED);
    double[][] target = new double[DIM][DIM];
    for (int i = 0; i < DIM; i++) {
      System.arraycopy(drawn.target(), i * DIM, target[i], 0, DIM);
    }
    return new ToyStart(target, new double[DIM][DIM], drawn.special());
  }

  @ParameterizedTest
  @EnumSource(
      value = RelevantPosition.class,
      names = {"LAST", "FIXED"})
  void large_batches_follow_descent_on_the_expected_loss(RelevantPosition position) {
    int steps = 60;
    RunConfig sampled = config(Dynamics.SGD, position, 4000, steps);
    RunConfig expected = config(Dynamics.FULL, position, 1, steps);
    Trajectory path = ToyRun.integrate(expected, start(expected));
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(sampled), List.of(SEED))) {
      training.trainTo(steps);
      double[] row = training.evaluate()[0];
      List<String> columns = training.columns();
      assertThat(columns).containsExactlyInAnyOrderElementsOf(Metrics.of(sampled));
      for (String column : List.of("w", "w_tilde", "alpha", "delta_a", "attention.relevant")) {
        double[] values = path.column(column);
        assertThat(row[columns.indexOf(column)])
            .as(column)
            .isCloseTo(values[values.length - 1], withPercentage(3));
      }
      if (position == RelevantPosition.LAST) {
        double[] losses = path.column("test.loss");
        assertThat(row[columns.indexOf("test.loss")])
            .as("test.loss")
            .isCloseTo(losses[losses.length - 1], withPercentage(8));
      }
    }
  }

  @Test
  void each_replica_is_read_against_its_own_target() {
    RunConfig config = config(Dynamics.SGD, RelevantPosition.LAST, 500, 20);
    try (Backend backend = new ReferenceBackend();
        Training both = Trainer.create(backend, List.of(config, config), List.of(SEED, 7));
        Training alone = Trainer.create(backend, List.of(config), List.of(7))) {
      both.trainTo(20);
      alone.trainTo(20);
      double[][] rows = both.evaluate();
      assertThat(rows[1]).containsExactly(alone.evaluate()[0], offset(1e-9));
      int w = both.columns().indexOf("w");
      assertThat(rows[0][w]).isNotEqualTo(rows[1][w]);
    }
  }
}
