package dev.emergence.tensor;

import dev.emergence.tensor.Cases.Rows;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses, optimisers, and what surrounds them. */
public interface TrainingContract extends BackendUnderTest {

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void losses_and_their_gradients_follow_the_definition(Rows s) {
    double tolerance = rounding() * (1 + Math.sqrt(s.columns()) / 4);
    Bench.agree(
        backend(),
        tolerance,
        bench -> {
          Tensor prediction = bench.normal("prediction", s.replicas(), s.rows(), s.columns());
          Tensor target = bench.normal("target", s.replicas(), s.rows(), s.columns());
          Tensor classes = bench.below("classes", s.columns(), s.replicas(), s.rows());
          Tensor square = bench.output("square", s.replicas(), s.rows());
          Tensor dSquare = bench.output("dSquare", s.replicas(), s.rows(), s.columns());
          Tensor nats = bench.output("nats", s.replicas(), s.rows());
          Tensor correct = bench.output("correct", s.replicas(), s.rows());
          Tensor dNats = bench.output("dNats", s.replicas(), s.rows(), s.columns());
          Tensor evaluated = bench.output("evaluated", s.replicas(), s.rows());
          Tensor mean = bench.output("mean", s.replicas());
          bench.run(
              () -> {
                Backend b = bench.backend();
                b.squaredError(prediction, target, square, Optional.of(dSquare));
                b.crossEntropy(prediction, classes, nats, correct, Optional.of(dNats));
                b.squaredError(prediction, target, evaluated, Optional.empty());
                b.crossEntropy(target, classes, evaluated, correct, Optional.empty());
                b.mean(square, mean);
              });
        });
  }

  @Test
  default void cross_entropy_of_huge_logits_is_finite_and_ties_count_as_wrong() {
    double[] logits = {
      1e4,
      -1e4,
      0,
      5,
      5,
      1,
      1e30,
      1e30,
      -1e30,
      Double.NaN,
      3,
      4,
      -7,
      -8,
      -9,
      Double.NEGATIVE_INFINITY,
      2,
      1
    };
    Bench.agree(
        backend(),
        rounding(),
        bench -> {
          Tensor x = bench.values("logits", asFloats(logits), 1, 6, 3);
          Tensor target = bench.integers("target", new int[] {2, 1, 0, 2, 0, 1}, 1, 6);
          // A row a tensor: the first row's loss of 10^4 would hide the others.
          for (int row = 0; row < 6; row++) {
            Tensor one = x.part(row * 3L, 1, 3);
            Tensor loss = bench.output("loss" + row, 1, 1);
            Tensor correct = bench.output("correct" + row, 1, 1);
            Tensor d = bench.output("dLogits" + row, 1, 1, 3);
            Tensor wanted = target.part(row, 1);
            bench.run(
                () -> bench.backend().crossEntropy(one, wanted, loss, correct, Optional.of(d)));
          }
        });
  }

  private static double[] asFloats(double[] values) {
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#rows")
  default void adam_and_sgd_move_every_parameter(Rows s) {
    long size = (long) s.rows() * s.columns();
    for (double decay : new double[] {0, 0.1}) {
      Bench.agree(
          backend(),
          rounding() * 2,
          bench -> {
            Moments moments = moments(bench, "", s.replicas(), size);
            Moments plain = moments(bench, "sgd ", s.replicas(), size);
            bench.run(
                () -> {
                  for (int i = 0; i < 3; i++) {
                    bench.backend().advance(moments.step(), moments.stoppedAt());
                    bench.backend().adam(moments, new AdamOptions(0.9, 0.999, 1e-8, decay));
                    bench.backend().sgd(plain, 0.875);
                  }
                });
          });
    }
  }

  private static Moments moments(Bench bench, String prefix, int replicas, long size) {
    double[] rates = new double[replicas];
    int[] steps = new int[replicas];
    for (int r = 0; r < replicas; r++) {
      rates[r] = (float) (0.01 * (r + 1));
      // Late replicas too: the corrections of the moments must not lose their digits, nor overflow.
      steps[r] = r * 40000;
    }
    return new Moments(
        bench.normal(prefix + "parameters", replicas, size),
        bench.normal(prefix + "gradient", 0.125, replicas, size),
        bench.values(prefix + "m", new double[Math.toIntExact(replicas * size)], replicas, size),
        bench.values(prefix + "v", new double[Math.toIntExact(replicas * size)], replicas, size),
        bench.values(prefix + "learningRate", rates, replicas),
        bench.integers(prefix + "step", steps, replicas),
        bench.integers(prefix + "stoppedAt", new int[replicas], replicas));
  }

  @Test
  default void gradients_longer_than_the_limit_are_scaled_to_it() {
    Bench.agree(
        backend(),
        rounding(),
        bench -> {
          Tensor gradient =
              bench.values(
                  "gradient", new double[] {3, 4, 0, 0.375, 0.5, 0, -30, 0, 40, 0, 0, 0}, 4, 3);
          Tensor norm = bench.output("norm", 4);
          Tensor large = bench.normal("large", 2, 1000);
          Tensor largeNorm = bench.output("largeNorm", 2);
          bench.run(
              () -> {
                bench.backend().clipGradient(gradient, 2, norm);
                bench.backend().clipGradient(large, 0.5, largeNorm);
              });
        });
  }

  @Test
  default void learning_rates_follow_their_schedule_at_every_replicas_own_step() {
    int[] steps = {1, 7, 10, 11, 55, 100, 5000};
    double[] base = new double[steps.length];
    for (int i = 0; i < base.length; i++) {
      base[i] = (float) (1e-3 * (i + 1));
    }
    LearningRate[] schedules = {
      new LearningRate(0, 0, 1),
      new LearningRate(10, 0, 1),
      new LearningRate(10, 100, 0.125),
      new LearningRate(0, 100, 0)
    };
    Bench.agree(
        backend(),
        rounding(),
        bench -> {
          for (int i = 0; i < schedules.length; i++) {
            LearningRate schedule = schedules[i];
            Tensor step = bench.integers("step" + i, steps, steps.length);
            Tensor rate = bench.values("base" + i, base, steps.length);
            Tensor out = bench.output("out" + i, steps.length);
            bench.run(() -> bench.backend().learningRate(schedule, step, rate, out));
          }
        });
  }

  @Test
  default void a_replica_stops_at_its_first_loss_that_is_not_finite_and_its_step_stays() {
    double[] losses = {1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN, 3};
    Bench.agree(
        backend(),
        0,
        bench -> {
          Tensor loss = bench.values("loss", losses, 5);
          Tensor step = bench.integers("step", new int[] {11, 12, 13, 14, 15}, 5);
          Tensor stoppedAt = bench.integers("stoppedAt", new int[] {0, 0, 0, 4, 6}, 5);
          bench.run(
              () -> {
                bench.backend().watch(loss, step, stoppedAt);
                bench.backend().advance(step, stoppedAt);
                bench.backend().watch(loss, step, stoppedAt);
              });
        });
  }
}
