package dev.emergence.theory;

import org.hipparchus.ode.sampling.ODEStateInterpolator;

/**
 * Writes rows while a flow is integrated: at the wanted times, and in between wherever a coordinate
 * has moved by more than {@link #MOVE} since the last row, so that a transition is resolved however
 * short it is. None if no times are wanted.
 */
final class DenseRows {
  /** Share of a coordinate (of 1 for small ones) by which it may move from row to row. */
  static final double MOVE = 0.02;

  /** Halvings of a solver's step at most; its own error bound keeps it from needing that many. */
  private static final int DEPTH = 20;

  private final Log log;
  private final double[] times;
  private int next;
  private double[] last = {};
  private ODEStateInterpolator step;
  private Observables observables;

  DenseRows(Log log, double[] times) {
    this.log = log;
    this.times = times;
  }

  /** Writes the rows of one solver step. */
  void follow(ODEStateInterpolator solverStep, Observables columns) {
    if (times.length == 0) {
      return;
    }
    step = solverStep;
    observables = columns;
    double at = step.getPreviousState().getTime();
    double end = step.getCurrentState().getTime();
    double[] here = coordinates(at);
    last = last.length == 0 ? here : last;
    while (next < times.length && times[next] <= end) {
      double[] there = coordinates(times[next]);
      resolve(at, here, times[next], there, DEPTH);
      at = times[next++];
      here = there;
      write(at, here);
    }
    resolve(at, here, end, coordinates(end), DEPTH);
  }

  /**
   * Rows after {@code from} up to {@code to}, between which coordinates move by at most {@link
   * #MOVE}.
   */
  private void resolve(double from, double[] a, double to, double[] b, int depth) {
    if (depth > 0 && moved(a, b) > MOVE / 2) {
      double middle = (from + to) / 2;
      double[] m = coordinates(middle);
      resolve(from, a, middle, m, depth - 1);
      resolve(middle, m, to, b, depth - 1);
    } else if (moved(last, b) > MOVE / 2) {
      write(to, b);
    }
  }

  private static double moved(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(b[i] - a[i]) / Math.max(1, Math.abs(a[i])));
    }
    return most;
  }

  private void write(double time, double[] coordinates) {
    log.row(time, observables.at(step.getInterpolatedState(time).getPrimaryState()));
    last = coordinates;
  }

  private double[] coordinates(double time) {
    return observables.coordinates(step.getInterpolatedState(time).getPrimaryState());
  }
}
