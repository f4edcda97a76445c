package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Outcome;
import java.util.List;
import java.util.Map;

/** Tells another listener everything that it hears. Subclasses add to some of the events. */
abstract class Forwarding implements Progress {
  private final Progress to;

  Forwarding(Progress to) {
    this.to = to;
  }

  @Override
  public void begun(List<Standing> runs) {
    to.begun(runs);
  }

  @Override
  public void open(List<PlannedRun> runs) {
    to.open(runs);
  }

  @Override
  public void started(PlannedRun run, double step) {
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
  public void waiting() {
    to.waiting();
  }

  @Override
  public void ended(PlannedRun run, Outcome outcome) {
    to.ended(run, outcome);
  }

  @Override
  public void studying(Map<String, Integer> parts, int atOnce) {
    to.studying(parts, atOnce);
  }

  @Override
  public void studied(String study, String run, double seconds, String trouble) {
    to.studied(study, run, seconds, trouble);
  }

  @Override
  public void note(String line) {
    to.note(line);
  }
}
