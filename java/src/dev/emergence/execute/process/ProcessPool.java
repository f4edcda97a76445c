package dev.emergence.execute.process;

import dev.emergence.execute.run.Chances;
import dev.emergence.execute.run.Counting;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Site;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.ExecutionSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Workers on this machine, each a process of its own. A process that dies costs its run one attempt
 * and is replaced; one that gives no sign of life is killed. When this process dies, its workers
 * save and end.
 */
public final class ProcessPool {
  private final Launcher launcher;
  private final Chances chances;
  private final Interrupt interrupt;
  private final Counting progress;

  /**
   * @param launcher starts the processes
   * @param chances which deaths count against a run
   */
  public ProcessPool(Launcher launcher, Chances chances, Interrupt interrupt, Progress progress) {
    this.launcher = launcher;
    this.chances = chances;
    this.interrupt = interrupt;
    this.progress = new Counting(progress);
  }

  /**
   * Works until all runs are settled or a stop was asked for.
   *
   * @return number of runs worked on
   * @throws IOException when results cannot be written
   * @throws dev.emergence.execute.device.Unavailable when the device cannot be had, or processes
   *     cannot be started
   */
  public int work(ExecutionSpec spec, List<PlannedRun> open, ResultsFolder results, int jobs)
      throws IOException {
    Map<String, PlannedRun> runs = new LinkedHashMap<>();
    open.forEach(run -> runs.put(run.id(), run));
    String orders = Orders.of(results, spec, open, launcher, chances).line();
    Site site = new Site(results, launcher.device(), spec, chances, interrupt, progress);
    ExecutorService slots = Executors.newFixedThreadPool(jobs);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      ends.add(slots.submit(() -> new Slot(launcher, site, spec.retries(), runs).serve(orders)));
    }
    slots.shutdown();
    await(ends);
    return progress.started();
  }

  private void await(List<Future<?>> ends) throws IOException {
    Throwable first = null;
    for (Future<?> end : ends) {
      try {
        end.get();
      } catch (ExecutionException e) {
        first = first == null ? e.getCause() : first;
        interrupt.request("a worker cannot go on");
      } catch (InterruptedException e) {
        interrupt.request("interrupted");
        Thread.currentThread().interrupt();
      }
    }
    if (first instanceof IOException e) {
      throw e;
    } else if (first instanceof RuntimeException e) {
      throw e;
    } else if (first != null) {
      throw new IllegalStateException(first);
    }
  }
}
