package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.Outcome;
import java.util.List;
import java.util.Map;

/** Passes progress on, and keeps the claims of runs alive that move. */
public record Moving(Progress to, Claims claims) implements Progress {
  @Override
  public void open(List<PlannedRun> runs) {
    to.open(runs);
  }

  @Override
  public void started(PlannedRun run, double step) {
    claims.moved(run.id());
    to.started(run, step);
  }

  @Override
  public void at(PlannedRun run, double step, double target) {
    claims.moved(run.id());
    to.at(run, step, target);
  }

  @Override
  public void measured(PlannedRun run, double step, Map<String, Double> row) {
    to.measured(run, step, row);
  }

  @Override
  public void ended(PlannedRun run, Outcome outcome) {
    to.ended(run, outcome);
  }

  @Override
  public void note(String line) {
    to.note(line);
  }
}
