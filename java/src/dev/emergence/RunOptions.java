package dev.emergence;

import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.plan.Assignment;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How an experiment is run; nothing of it changes what a run gives.
 *
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}; empty: what the file
 *     says
 * @param jobs runs trained side by side; empty: what the file says, else one a core
 * @param only which conditions and seeds are run
 * @param isolated whether each worker is a process of its own, so that a native crash costs one
 *     attempt at one run
 * @param interrupt asks for a stop with everything saved
 * @param progress hears how the work goes on
 */
public record RunOptions(
    Optional<String> device,
    Optional<Integer> jobs,
    Predicate<Assignment> only,
    boolean isolated,
    Interrupt interrupt,
    Progress progress) {

  /** Everything, as the file says. */
  public static RunOptions defaults() {
    return new RunOptions(
        Optional.empty(),
        Optional.empty(),
        a -> true,
        false,
        Interrupt.onRequest(),
        Progress.SILENT);
  }

  /** On this device. */
  public RunOptions onDevice(String name) {
    return new RunOptions(Optional.of(name), jobs, only, isolated, interrupt, progress);
  }

  /** With this many runs side by side. */
  public RunOptions withJobs(int number) {
    return new RunOptions(device, Optional.of(number), only, isolated, interrupt, progress);
  }

  /** Only these conditions and seeds. */
  public RunOptions only(Predicate<Assignment> wanted) {
    return new RunOptions(device, jobs, wanted, isolated, interrupt, progress);
  }

  /** With each worker a process of its own. */
  public RunOptions inProcesses() {
    return new RunOptions(device, jobs, only, true, interrupt, progress);
  }

  /** Until a stop is asked for. */
  public RunOptions until(Interrupt request) {
    return new RunOptions(device, jobs, only, isolated, request, progress);
  }

  /** Telling how it goes on. */
  public RunOptions telling(Progress listener) {
    return new RunOptions(device, jobs, only, isolated, interrupt, listener);
  }
}
