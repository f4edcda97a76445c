package dev.emergence.theory;

import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.hipparchus.analysis.UnivariateFunction;
import org.hipparchus.analysis.solvers.BracketedUnivariateSolver;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;
import org.hipparchus.ode.ODEStateAndDerivative;
import org.hipparchus.ode.events.Action;
import org.hipparchus.ode.events.AdaptableInterval;
import org.hipparchus.ode.events.ODEEventDetector;
import org.hipparchus.ode.events.ODEEventHandler;

/**
 * Finds where a column crosses a level in the wanted direction; both ends of each solver step are
 * looked at.
 */
final class LevelDetector implements ODEEventDetector {
  private static final int ORDER = 5;
  private static final int ITERATIONS = 100;

  private final Watch watch;
  private final ToDoubleFunction<double[]> quantity;
  private final double accuracy;
  private final BiFunction<ODEStateAndDerivative, Watch, Action> onCrossing;

  /**
   * @param accuracy of the crossing's time, relative
   * @param onCrossing what to do at a crossing
   */
  LevelDetector(
      Watch watch,
      Observables observables,
      double accuracy,
      BiFunction<ODEStateAndDerivative, Watch, Action> onCrossing) {
    this.watch = watch;
    this.accuracy = accuracy;
    this.onCrossing = onCrossing;
    quantity = observables.quantity(watch.column());
  }

  @Override
  public AdaptableInterval getMaxCheckInterval() {
    return AdaptableInterval.of(Double.POSITIVE_INFINITY);
  }

  @Override
  public int getMaxIterationCount() {
    return ITERATIONS;
  }

  @Override
  public BracketedUnivariateSolver<UnivariateFunction> getSolver() {
    return new BracketingNthOrderBrentSolver(accuracy, accuracy, ORDER);
  }

  @Override
  public ODEEventHandler getHandler() {
    return (state, detector, increasing) ->
        increasing == watch.below() ? Action.CONTINUE : onCrossing.apply(state, watch);
  }

  @Override
  public double g(ODEStateAndDerivative state) {
    return quantity.applyAsDouble(state.getPrimaryState()) - watch.level();
  }
}
