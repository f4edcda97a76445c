package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps what a listener throws away from the runs: none of them fails by it. The work is asked to
 * stop, the listener hears nothing more, and {@link #rethrow} throws it where the work was begun.
 */
public final class Guarded implements Progress {
  private final Progress to;
  private final Interrupt interrupt;
  private final AtomicReference<Throwable> thrown = new AtomicReference<>();

  public Guarded(Progress to, Interrupt interrupt) {
    this.to = to;
    this.interrupt = interrupt;
  }

  /** Throws what the listener threw first; nothing where it threw nothing. */
  public void rethrow() {
    if (thrown.get() instanceof RuntimeException e) {
      throw e;
    } else if (thrown.get() instanceof Error e) {
      throw e;
    } else if (thrown.get() != null) {
      // A checked one can come from another language, or hidden by generics.
      throw new IllegalStateException(thrown.get());
    }
  }

  private void tell(Runnable event) {
    if (thrown.get() != null) {
      return;
    }
    try {
      event.run();
    } catch (Throwable e) {
      thrown.compareAndSet(null, e);
      interrupt.request("the listener of progress threw " + e);
    }
  }

  @Override
  public void open(List<PlannedRun> runs) {
    tell(() -> to.open(runs));
  }

  @Override
  public void begun(List<Standing> runs) {
    tell(() -> to.begun(runs));
  }

  @Override
  public void started(PlannedRun run, double step) {
    tell(() -> to.started(run, step));
  }

  @Override
  public void at(PlannedRun run, double step, double target) {
    tell(() -> to.at(run, step, target));
  }

  @Override
  public void measured(PlannedRun run, double step, Map<String, Double> row) {
    tell(() -> to.measured(run, step, row));
  }

  @Override
  public void waiting() {
    tell(to::waiting);
  }

  @Override
  public void ended(PlannedRun run, Outcome outcome) {
    tell(() -> to.ended(run, outcome));
  }

  @Override
  public void studying(Map<String, Integer> parts, int atOnce) {
    tell(() -> to.studying(parts, atOnce));
  }

  @Override
  public void studied(String study, String run, double seconds, String trouble) {
    tell(() -> to.studied(study, run, seconds, trouble));
  }

  @Override
  public void note(String line) {
    tell(() -> to.note(line));
  }
}
