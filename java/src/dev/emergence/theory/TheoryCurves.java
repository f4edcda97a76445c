package dev.emergence.theory;

import dev.emergence.spec.Keys;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec.Scores;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * What the theory says a run's recorded columns do over training, by the names that plots use in
 * {@code theory:}.
 *
 * <ul>
 *   <li>{@code linearization}: the flow linearised at its start, sinh and cosh (Fig. 7).
 *   <li>{@code gaussian_plateau}: attention exponential in its score, until it runs away.
 *   <li>{@code late_phase}: the loss as 1/(4κ t) after the predicted plateau, taken to begin with
 *       half of the attention lost.
 *   <li>{@code reduced_flow}: the reduced flow itself, integrated: what runs with samples, steps
 *       and random weights are compared with (Fig. 9).
 * </ul>
 */
public final class TheoryCurves {
  private static final Map<String, Curve> BY_NAME =
      Map.of(
          "linearization",
              (config, column, times) ->
                  pointwise(times, time -> sparse(config, column, linearized(config, time))),
          "gaussian_plateau",
              (config, column, times) ->
                  pointwise(times, time -> sparse(config, column, gaussian(config, time))),
          "late_phase",
              (config, column, times) -> pointwise(times, time -> late(config, column, time)),
          "reduced_flow", TheoryCurves::integrated);

  private TheoryCurves() {}

  private interface Curve {
    double[] over(RunConfig config, String column, double[] times);
  }

  /** A point of the plateau: w̃, w (of Eq. 17), Δa, and α on one relevant token. */
  private record Sparse(double special, double plain, double deltaA, double alpha) {}

  /** The known curves. */
  public static List<String> names() {
    return BY_NAME.keySet().stream().sorted().toList();
  }

  /**
   * The curve of one column.
   *
   * @param name of the curve
   * @param config a run on linear regression
   * @param column a column of the run's curve, such as {@code test.loss}, {@code w}, {@code
   *     delta_a}
   * @param steps times of a flow, or optimiser steps, ascending
   * @return a value for each step; NaN where the curve does not hold, as after a change of
   *     repetition, or has no such column
   * @throws NotApplicable for an unknown name, listing the known ones, or another task
   */
  public static double[] over(String name, RunConfig config, String column, double[] steps) {
    Curve curve = BY_NAME.get(name);
    if (curve == null) {
      throw new NotApplicable(
          "no theoretical curve '" + name + "'; known: " + String.join(", ", names()));
    }
    double unit = timeOfStep(config);
    double[] values = curve.over(config, column, pointwise(steps, step -> step * unit));
    double last = unchangedUntil(config);
    for (int i = 0; i < values.length; i++) {
      values[i] = steps[i] <= last ? values[i] : Double.NaN;
    }
    return values;
  }

  /**
   * The step, or time of a flow, until which a run has the repetition that it begins with, for all
   * that its configuration tells: 0 where the first change waits for a metric.
   */
  public static double unchangedUntil(RunConfig config) {
    return config.repetition().changes().stream()
        .findFirst()
        .map(change -> change.at().orElse(0.0))
        .orElse(Double.POSITIVE_INFINITY);
  }

  /**
   * Time of the flow that one optimiser step stands for: the learning rate of gradient descent, 1
   * for a flow.
   *
   * @throws NotApplicable for other optimisers, whose steps do not follow the flow
   */
  public static double timeOfStep(RunConfig config) {
    OptimizerSpec optimizer = config.training().optimizer();
    if (optimizer instanceof OptimizerSpec.Sgd sgd) {
      return sgd.learningRate() / (1 - sgd.momentum());
    }
    if (optimizer.inTime()) {
      return 1;
    }
    throw new NotApplicable(
        "The theory is about gradient descent, of which a step of "
            + Keys.kindOf((Record) optimizer)
            + " is no time; leave theory out.");
  }

  private static double[] pointwise(double[] times, DoubleUnaryOperator value) {
    return Arrays.stream(times).map(value).toArray();
  }

  private static Sparse linearized(RunConfig config, double time) {
    Linearization linear = new Linearization(Setting.of(config), ReducedFlow.scores(config));
    double deltaA = linear.deltaA(time);
    return new Sparse(
        linear.special(time), linear.plain(time), deltaA, (1 + deltaA) / linear.setting().length());
  }

  private static Sparse gaussian(RunConfig config, double time) {
    GaussianPlateau plateau = new GaussianPlateau(Setting.of(config), ReducedFlow.scores(config));
    Linearization linear = plateau.linear();
    double weights = plateau.weights(time);
    double alpha = Math.exp(plateau.deltaA(time)) / linear.setting().length();
    if (!(alpha * linear.setting().inContext() <= 1)) {
      return new Sparse(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    return new Sparse(
        linear.specialShare() * weights,
        linear.plainShare() * weights,
        plateau.deltaA(time),
        alpha);
  }

  private static double sparse(RunConfig config, String column, Sparse point) {
    Setting setting = Setting.of(config);
    Optional<Setting> test = lossOn(config, column);
    if (test.isPresent()) {
      return sparseLoss(test.get(), point);
    }
    return switch (column) {
      // Without cross-sample repetition w is the single coordinate of Eq. 12.
      case "w" ->
          ToyReadings.splits(config.repetition())
              ? point.plain()
              : Math.hypot(point.special(), point.plain());
      case "w_tilde" -> point.special();
      case "delta_a" -> point.deltaA();
      case "alpha" -> point.alpha();
      case "attention.relevant" -> setting.inContext() * point.alpha();
      default -> Double.NaN;
    };
  }

  /** 1/2 - B α (σ̃ w̃ + σ √(d-1) w), the loss under attention that is still sparse. */
  private static double sparseLoss(Setting test, Sparse point) {
    double slope =
        test.specialVariance() * point.special()
            + test.plainVariance() * Math.sqrt(test.dim() - 1) * point.plain();
    double loss = 0.5 - test.inContext() * point.alpha() * slope;
    return loss >= 0 ? loss : Double.NaN;
  }

  private static double late(RunConfig config, String column, double time) {
    double since = time - Prediction.PLATEAU.time(config, Forecast.DEFAULT_SHARE);
    if (since < 0 || lossOn(config, column).isEmpty()) {
      return Double.NaN;
    }
    return new LatePhase(Setting.of(config), ReducedFlow.scores(config)).loss(since, 0.5);
  }

  private static double[] integrated(RunConfig config, String column, double[] times) {
    Setting setting = Setting.of(config);
    Scores scores = ReducedFlow.scores(config);
    ReducedFlow flow =
        ToyReadings.splits(config.repetition())
            ? ReducedFlow.inSpace(setting, scores)
            : ReducedFlow.of(setting, scores);
    Observables observables =
        ReducedObservables.of(setting, scores, flow.loss(), Setting.tested(config));
    if (!observables.columns().contains(column)) {
      return pointwise(times, time -> Double.NaN);
    }
    double[][] states =
        new FlowSolver(1e-9, 1e-12).states(flow, new double[flow.dimension()], times);
    return Arrays.stream(states).mapToDouble(observables.quantity(column)).toArray();
  }

  /** The data that a loss column is measured on. */
  private static Optional<Setting> lossOn(RunConfig config, String column) {
    if (column.equals("train.loss")) {
      return Optional.of(Setting.of(config));
    }
    return Setting.tested(config).entrySet().stream()
        .filter(test -> column.equals(test.getKey() + ".loss"))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
