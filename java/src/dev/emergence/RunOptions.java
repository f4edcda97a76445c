package dev.emergence;

import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.plan.Assignment;
import java.util.Optional;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/**
 * How an experiment is run. No option changes the result of a run.
 *
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}; empty: what the file
 *     says
 * @param jobs runs trained side by side; empty: what the file says, else one a core
 * @param only whether a condition is run with a seed
 * @param isolated whether each worker is a process of its own, so that a native crash costs one
 *     attempt at one run
 * @param interrupt a request to stop early with everything saved
 * @param progress the listener
 */
@API(status = API.Status.MAINTAINED)
public record RunOptions(
    Optional<String> device,
    Optional<Integer> jobs,
    Predicate<Assignment> only,
    boolean isolated,
    Interrupt interrupt,
    Progress progress) {

  /**
   * Everything, as the file says, in this process, without a listener.
   *
   * @return the options
   */
  public static RunOptions defaults() {
    return new RunOptions(
        Optional.empty(),
        Optional.empty(),
        a -> true,
        false,
        Interrupt.onRequest(),
        Progress.SILENT);
  }

  /**
   * The same on this device.
   *
   * @param name {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @return other options
   */
  public RunOptions onDevice(String name) {
    return new RunOptions(Optional.of(name), jobs, only, isolated, interrupt, progress);
  }

  /**
   * The same with this many runs side by side.
   *
   * @param number at least 1
   * @return other options
   */
  public RunOptions withJobs(int number) {
    return new RunOptions(device, Optional.of(number), only, isolated, interrupt, progress);
  }

  /**
   * The same for a part of the runs; the others count as missing.
   *
   * @param wanted whether a condition is run with a seed
   * @return other options
   */
  public RunOptions only(Predicate<Assignment> wanted) {
    return new RunOptions(device, jobs, wanted, isolated, interrupt, progress);
  }

  /**
   * The same with each worker a process of its own, so that a native crash costs one attempt at one
   * run.
   *
   * @return other options
   */
  public RunOptions inProcesses() {
    return new RunOptions(device, jobs, only, true, interrupt, progress);
  }

  /**
   * The same until a stop is asked for. Every run then saves its state, and the next start goes on
   * from there to the same bits.
   *
   * @param request asks for the stop, from any thread
   * @return other options
   */
  public RunOptions until(Interrupt request) {
    return new RunOptions(device, jobs, only, isolated, request, progress);
  }

  /**
   * The same with a listener.
   *
   * @param listener hears how the work goes on; called from all workers at once
   * @return other options
   */
  public RunOptions telling(Progress listener) {
    return new RunOptions(device, jobs, only, isolated, interrupt, listener);
  }
}
