package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;

/**
 * Forwards progress. Each step also renews the run's claim, so that other workers do not take it
 * for abandoned.
 */
public final class Moving extends Forwarding {
  private final Claims claims;

  public Moving(Progress to, Claims claims) {
    super(to);
    this.claims = claims;
  }

  @Override
  public void started(PlannedRun run, double step) {
    claims.moved(run.id());
    super.started(run, step);
  }

  @Override
  public void at(PlannedRun run, double step, double target) {
    claims.moved(run.id());
    super.at(run, step, target);
  }
}
