package dev.emergence.theory;

import dev.emergence.spec.Numeral;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient descent on the expected loss: the flow in steps of a learning rate. Time is counted in
 * steps; levels are read at every step, so a crossing is exact. With momentum μ: b ← μ b + f(y), y
 * ← y + η b.
 *
 * @param learningRate η, length of a step in units of the flow's time
 * @param momentum μ, 0 for none
 * @param evaluateEvery steps between rows
 */
public record Descent(double learningRate, double momentum, long evaluateEvery) {

  /**
   * Runs the phases one after the other from a state at step 0. A state that is not finite ends the
   * run and is its failure.
   */
  public Trajectory run(List<Phase> phases, double[] start, Course course) {
    Log log = new Log(course.watches());
    List<String> columns = phases.get(0).observables().columns();
    double[] state = start.clone();
    double[] previous = start.clone();
    double[] velocity = new double[state.length];
    double[] slope = new double[state.length];
    log.row(0, phases.get(0).observables().at(state));
    log.crossAll(0, phases.get(0).observables(), state);
    int current = 0;
    double end = Math.floor(course.end(log.crossings()));
    for (long step = 1; step <= end; step++) {
      current = phaseAt(phases, current, step - 1, state);
      Observables observables = phases.get(current).observables();
      System.arraycopy(state, 0, previous, 0, state.length);
      phases.get(current).flow().derivatives(state, slope);
      move(state, velocity, slope);
      if (!Arrays.stream(state).allMatch(Double::isFinite)) {
        log.row(step - 1, observables.at(previous));
        return log.toTrajectory(
            columns,
            "not finite at step "
                + step
                + ": the learning rate "
                + Numeral.of(learningRate)
                + " is too large");
      }
      if (log.crossAll(step, observables, state)) {
        log.row(step - 1, observables.at(previous));
        log.row(step, observables.at(state));
        end = Math.floor(course.end(log.crossings()));
      }
      if (step % evaluateEvery == 0 || step + 1 > end) {
        log.row(step, observables.at(state));
      }
    }
    return log.toTrajectory(columns, "");
  }

  private void move(double[] state, double[] velocity, double[] slope) {
    for (int i = 0; i < state.length; i++) {
      velocity[i] = momentum * velocity[i] + slope[i];
      state[i] += learningRate * velocity[i];
    }
  }

  /** The phase that makes the step after {@code step} steps. */
  private static int phaseAt(List<Phase> phases, int current, long step, double[] state) {
    int at = current;
    while (phases.get(at).until().isPresent() && over(phases.get(at), step, state)) {
      at++;
    }
    return at;
  }

  private static boolean over(Phase phase, long step, double[] state) {
    if (phase.until().get() instanceof Phase.AtTime at) {
      return step >= at.time();
    }
    return phase.observables().passes(((Phase.AtLevel) phase.until().get()).watch(), state);
  }
}
