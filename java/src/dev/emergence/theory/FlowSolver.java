package dev.emergence.theory;

import dev.emergence.spec.Numeral;
import java.util.List;
import java.util.Map;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.ODEStateAndDerivative;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.events.Action;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;

/**
 * Integrates a flow with the explicit Runge-Kutta method of Dormand and Prince, order 8(5,3), with
 * adaptive steps; levels are located by root finding on its dense output.
 *
 * <p>A run that may stop early is integrated twice: once to find its end, once to write it down at
 * times that depend on the end.
 *
 * <p>After the transition the weights relax in a time of order d/(1-p) while attention creeps: the
 * stability of an explicit method then bounds its step by a few d, whatever the tolerance.
 *
 * @param relativeTolerance error of a step relative to the state
 * @param absoluteTolerance error of a step below which the state counts as zero
 * @param maxEvaluations evaluations of the flow after which a run is given up
 */
public record FlowSolver(double relativeTolerance, double absoluteTolerance, int maxEvaluations) {
  /** Relative accuracy of a crossing's time, far below any tolerance. */
  private static final double ROOT = 1e-13;

  /** A solver with the default limit of 20 million evaluations. */
  public FlowSolver(double relativeTolerance, double absoluteTolerance) {
    this(relativeTolerance, absoluteTolerance, 20_000_000);
  }

  /**
   * Runs the phases one after the other from a state at time 0.
   *
   * @throws IllegalArgumentException when a watch names an unknown column
   * @throws IllegalStateException when the limit of evaluations is reached, naming the time
   */
  public Trajectory run(List<Phase> phases, double[] start, Course course, Sampling sampling) {
    double end = course.end(Map.of());
    if (!course.settled(Map.of())) {
      Pass scout = new Pass(phases, course, new double[0], true);
      scout.run(start, end);
      end = course.end(scout.log.crossings());
      // Without a tail the second integration would end short of the last crossing that was wanted.
      double last =
          scout.log.crossings().values().stream()
              .mapToDouble(time -> time * (1 + Trajectory.BRACKET))
              .max()
              .orElse(0);
      end = Math.max(end, Math.min(last, end * (1 + Trajectory.BRACKET)));
    }
    Pass pass = new Pass(phases, course, end > 0 ? sampling.times(end) : new double[0], false);
    pass.run(start, end);
    return pass.log.toTrajectory(phases.get(0).observables().columns(), "");
  }

  /**
   * States of a flow at given times.
   *
   * @param times ascending, from 0 on
   * @return {@code states[i]} at {@code times[i]}
   * @throws IllegalStateException when the limit of evaluations is reached
   */
  public double[][] states(Flow flow, double[] start, double[] times) {
    double[][] out = new double[times.length][];
    int first = 0;
    while (first < times.length && times[first] <= 0) {
      out[first++] = start.clone();
    }
    if (first == times.length) {
      return out;
    }
    double end = times[times.length - 1];
    var integrator = new DormandPrince853Integrator(0, end, absoluteTolerance, relativeTolerance);
    integrator.setMaxEvaluations(maxEvaluations);
    int[] next = {first};
    integrator.addStepHandler(
        step -> {
          while (next[0] < times.length && times[next[0]] <= step.getCurrentState().getTime()) {
            out[next[0]] = step.getInterpolatedState(times[next[0]]).getPrimaryState();
            next[0]++;
          }
        });
    follow(integrator, flow, new ODEState(0, start), end);
    return out;
  }

  private static ODEStateAndDerivative follow(
      DormandPrince853Integrator integrator, Flow flow, ODEState from, double until) {
    try {
      return integrator.integrate(equation(flow), from, until);
    } catch (MathRuntimeException e) {
      String where =
          "the flow cannot be followed from time "
              + Numeral.of(from.getTime())
              + " to "
              + Numeral.of(until);
      String advice =
          "; after the transition its steps are bounded by a few d: lower training.max_time or stop"
              + " after a threshold";
      throw new IllegalStateException(where + " (" + e.getMessage() + ")" + advice, e);
    }
  }

  /** One integration through the phases. */
  private final class Pass {
    private final List<Phase> phases;
    private final DenseRows rows;
    private final Course course;
    private final boolean scouting;
    private final Log log;
    private Phase phase;
    private double time;
    private double[] state;
    private boolean stopped;

    Pass(List<Phase> phases, Course course, double[] samples, boolean scouting) {
      this.phases = phases;
      this.course = course;
      this.scouting = scouting;
      log = new Log(course.watches());
      rows = new DenseRows(log, samples);
    }

    void run(double[] start, double end) {
      state = start.clone();
      for (Phase next : phases) {
        phase = next;
        begin();
        boolean over =
            next.until().isPresent()
                && next.until().get() instanceof Phase.AtLevel level
                && phase.observables().passes(level.watch(), state);
        double until =
            next.until().isPresent() && next.until().get() instanceof Phase.AtTime at
                ? Math.min(at.time(), end)
                : end;
        if (!over && !stopped && until - time > 1e-12 * until) {
          integrate(until);
        }
        if (stopped || time >= end) {
          return;
        }
      }
    }

    /** A phase's first row; a change of repetition makes losses jump, possibly beyond a level. */
    private void begin() {
      double at = time == 0 ? 0 : time * (1 + Trajectory.BRACKET / 2);
      boolean crossed = log.crossAll(at, phase.observables(), state);
      if (time == 0 || crossed) {
        log.row(at, phase.observables().at(state));
      }
      stopped = scouting && course.settled(log.crossings());
    }

    private void integrate(double until) {
      var integrator =
          new DormandPrince853Integrator(0, until - time, absoluteTolerance, relativeTolerance);
      integrator.setMaxEvaluations(maxEvaluations);
      integrator.addStepHandler(step -> rows.follow(step, phase.observables()));
      for (Watch watch : log.open()) {
        integrator.addEventDetector(
            new LevelDetector(watch, phase.observables(), ROOT, this::crossed));
      }
      if (phase.until().isPresent() && phase.until().get() instanceof Phase.AtLevel level) {
        integrator.addEventDetector(
            new LevelDetector(level.watch(), phase.observables(), ROOT, (at, w) -> Action.STOP));
      }
      ODEStateAndDerivative last =
          follow(integrator, phase.flow(), new ODEState(time, state), until);
      time = last.getTime();
      state = last.getPrimaryState();
    }

    private Action crossed(ODEStateAndDerivative at, Watch watch) {
      if (log.crossed(watch)) {
        return Action.CONTINUE;
      }
      log.cross(watch, at.getTime());
      bracket(at, watch);
      stopped = scouting && course.settled(log.crossings());
      return stopped ? Action.STOP : Action.CONTINUE;
    }

    /**
     * Adds a row just before and one just beyond the level. The root is within {@link #ROOT} of the
     * crossing, so the first distance nearly always does; a level that the column only touches has
     * no such rows, and is seen in the samples around it.
     */
    private void bracket(ODEStateAndDerivative at, Watch watch) {
      Observables observables = phase.observables();
      for (double share = 1e-12; share <= Trajectory.BRACKET / 2; share *= 10) {
        double distance = share * at.getTime();
        double[] before = moved(at, -distance);
        double[] beyond = moved(at, distance);
        if (!observables.passes(watch, before) && observables.passes(watch, beyond)) {
          log.row(at.getTime() - distance, observables.at(before));
          log.row(at.getTime() + distance, observables.at(beyond));
          return;
        }
      }
    }
  }

  private static double[] moved(ODEStateAndDerivative at, double time) {
    double[] state = at.getPrimaryState();
    double[] slope = at.getPrimaryDerivative();
    for (int i = 0; i < state.length; i++) {
      state[i] += time * slope[i];
    }
    return state;
  }

  private static OrdinaryDifferentialEquation equation(Flow flow) {
    return new OrdinaryDifferentialEquation() {
      @Override
      public int getDimension() {
        return flow.dimension();
      }

      @Override
      public double[] computeDerivatives(double t, double[] y) {
        double[] out = new double[y.length];
        flow.derivatives(y, out);
        return out;
      }
    };
  }
}
