package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Forwards progress, and counts the runs on which work began. */
public final class Counting extends Forwarding {
  private final Set<String> started = ConcurrentHashMap.newKeySet();

  public Counting(Progress to) {
    super(to);
  }

  /** How many different runs have been started. */
  public int started() {
    return started.size();
  }

  @Override
  public void started(PlannedRun run, double step) {
    started.add(run.id());
    super.started(run, step);
  }
}
