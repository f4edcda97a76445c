package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes progress on, and counts the runs that were worked on. */
public final class Counting implements Progress {
  private final Progress to;
  private final Set<String> started = ConcurrentHashMap.newKeySet();

  public Counting(Progress to) {
    this.to = to;
  }

  public int started() {
    return started.size();
  }

  @Override
  public void started(PlannedRun run, double step) {
    started.add(run.id());
    to.started(run, step);
  }

  @Override
  public void at(PlannedRun run, double step, double target) {
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
