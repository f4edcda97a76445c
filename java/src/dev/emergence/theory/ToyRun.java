package dev.emergence.theory;

import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.Dynamics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A run of the toy architecture on the expected loss: what a training is to other architectures.
 * Nothing is drawn at random here.
 *
 * <p>{@code repetition.changes} make phases of constant B and p; the state goes on through a
 * change. A reduced state with tied scores keeps Δa when B changes, as the score belongs to being
 * relevant.
 */
public final class ToyRun {
  private final RunConfig config;
  private final BiFunction<Setting, Optional<Phase.End>, Phase> phase;
  private final double[] start;

  private ToyRun(
      RunConfig config, BiFunction<Setting, Optional<Phase.End>, Phase> phase, double[] start) {
    this.config = config;
    this.phase = phase;
    this.start = start;
  }

  /**
   * Integrates the reduced dynamics to the goal of the configuration itself: see {@link
   * #integrate(RunConfig, List)}.
   */
  public static Trajectory integrate(RunConfig config) {
    return integrate(config, List.of(Goal.of(config)));
  }

  /**
   * Integrates the full dynamics to the goal of the configuration itself: see {@link
   * #integrate(RunConfig, ToyStart, List)}.
   */
  public static Trajectory integrate(RunConfig config, ToyStart start) {
    return integrate(config, start, List.of(Goal.of(config)));
  }

  /**
   * Integrates whichever dynamics the configuration has.
   *
   * @param start what the full dynamics starts from; not asked for by the reduced one
   * @param goals all that is wanted of the run
   */
  public static Trajectory integrate(RunConfig config, Supplier<ToyStart> start, List<Goal> goals) {
    boolean reduced =
        config.architecture() instanceof ToySpec toy && toy.dynamics() == Dynamics.REDUCED;
    return reduced ? integrate(config, goals) : integrate(config, start.get(), goals);
  }

  /**
   * Integrates the reduced dynamics.
   *
   * @param goals all that is wanted of the run; the configuration's own thresholds and end are not
   *     looked at
   * @throws IllegalArgumentException for another dynamics or optimiser, or a threshold on a column
   *     that is not recorded
   * @throws IllegalStateException when the flow cannot be followed to its end
   */
  public static Trajectory integrate(RunConfig config, List<Goal> goals) {
    ToySpec toy = toy(config, Dynamics.REDUCED);
    boolean inSpace = ToyReadings.splits(config.repetition());
    BiFunction<Setting, Optional<Phase.End>, Phase> phase =
        (setting, end) -> {
          ReducedFlow flow =
              inSpace
                  ? ReducedFlow.inSpace(setting, toy.scores())
                  : ReducedFlow.of(setting, toy.scores());
          var observables =
              ReducedObservables.of(setting, toy.scores(), flow.loss(), Setting.tested(config));
          return new Phase(flow, observables, end);
        };
    return new ToyRun(config, phase, new double[inSpace ? 3 : 2]).go(goals);
  }

  /**
   * Integrates the full dynamics on the expected loss, from scores 0.
   *
   * @param goals all that is wanted of the run; the configuration's own thresholds and end are not
   *     looked at
   * @throws IllegalArgumentException for another dynamics or optimiser, matrices of another size
   *     than d×d, or a threshold on a column that is not recorded
   * @throws IllegalStateException when the flow cannot be followed to its end
   */
  public static Trajectory integrate(RunConfig config, ToyStart start, List<Goal> goals) {
    toy(config, Dynamics.FULL);
    boolean split = ToyReadings.splits(config.repetition());
    BiFunction<Setting, Optional<Phase.End>, Phase> phase =
        (setting, end) -> {
          FullFlow flow = new FullFlow(setting, start.target(), start.special());
          return new Phase(
              flow, FullObservables.of(flow, setting, split, Setting.tested(config)), end);
        };
    double[] state =
        new FullFlow(Setting.of(config), start.target(), start.special()).start(start.weights());
    return new ToyRun(config, phase, state).go(goals);
  }

  private static ToySpec toy(RunConfig config, Dynamics wanted) {
    if (config.architecture() instanceof ToySpec toy && toy.dynamics() == wanted) {
      return toy;
    }
    throw new IllegalArgumentException(
        "expected the toy architecture with " + wanted + " dynamics, got " + config.architecture());
  }

  private Trajectory go(List<Goal> goals) {
    Course course = course(goals);
    MeasurementSpec measurement = config.measurement();
    OptimizerSpec optimizer = config.training().optimizer();
    if (optimizer instanceof OptimizerSpec.GradientFlow flow) {
      Sampling sampling =
          new Sampling(measurement.trajectory().points(), measurement.trajectory().spacing());
      return new FlowSolver(flow.relativeTolerance(), flow.absoluteTolerance())
          .run(phases(), start, course, sampling);
    }
    if (optimizer instanceof OptimizerSpec.Sgd sgd) {
      return new Descent(sgd.learningRate(), sgd.momentum(), measurement.evaluateEvery())
          .run(phases(), start, course);
    }
    throw new IllegalArgumentException(
        "the toy model moves by gradient_flow or sgd, got " + optimizer);
  }

  private Course course(List<Goal> goals) {
    Course.Builder course = new Course.Builder();
    for (Goal goal : goals) {
      Map<String, String> names = new HashMap<>();
      goal.thresholds()
          .forEach((name, threshold) -> names.put(name, course.watch(watch(name, threshold))));
      List<String> stops = goal.stop().thresholds().stream().map(names::get).toList();
      course.leg(new Course.Leg(goal.end(), stops, goal.stop().extra()));
    }
    return course.build();
  }

  private List<Phase> phases() {
    List<Phase> phases = new ArrayList<>();
    Setting setting = Setting.of(config);
    for (RepetitionSpec.Change change : config.repetition().changes()) {
      phases.add(recorded(setting, Optional.of(end(change, phases.size() + 1))));
      setting =
          setting.with(
              change.inContext().orElse(setting.inContext()),
              change.crossSample().orElse(setting.crossSample()));
    }
    phases.add(recorded(setting, Optional.empty()));
    return phases;
  }

  /** Repetition becomes a column when it changes. */
  private Phase recorded(Setting setting, Optional<Phase.End> end) {
    Phase made = phase.apply(setting, end);
    if (!config.repetition().changes().isEmpty()) {
      made.observables()
          .with("in_context", state -> setting.inContext())
          .with("cross_sample", state -> setting.crossSample());
    }
    return made;
  }

  private Phase.End end(RepetitionSpec.Change change, int number) {
    if (change.at().isPresent()) {
      return new Phase.AtTime(change.at().get());
    }
    Threshold when =
        change
            .when()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "change " + number + " of the repetition needs 'at' or 'when'"));
    return new Phase.AtLevel(watch("change " + number, when));
  }

  private Watch watch(String name, Threshold threshold) {
    boolean below = threshold.below().isPresent();
    double level =
        threshold
            .below()
            .or(threshold::above)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "threshold '" + name + "' needs 'below' or 'above'"));
    Watch watch = new Watch(name, threshold.metric(), level, below);
    if (threshold.relativeTo() == MeasurementSpec.Relative.ABSOLUTE) {
      return watch;
    }
    double initial =
        phase
            .apply(Setting.of(config), Optional.empty())
            .observables()
            .quantity(watch.column())
            .applyAsDouble(start);
    return new Watch(name, threshold.metric(), level * initial, below);
  }
}
