package dev.emergence;

import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.plan.Assignment;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/**
 * How an experiment is run. No option changes the result of a run.
 *
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}; empty means the file's
 *     device
 * @param jobs how many runs are trained at the same time, from 1 to 4096; empty means the file's
 *     number, or one for each core
 * @param only which pairs of condition and seed are run
 * @param isolated whether each worker is a process of its own; a crash of native code then costs
 *     one attempt at one run only
 * @param interrupt a request to stop early; everything is saved then
 * @param progress a listener
 */
@API(status = API.Status.MAINTAINED)
public record RunOptions(
    Optional<String> device,
    Optional<Integer> jobs,
    Predicate<Assignment> only,
    boolean isolated,
    Interrupt interrupt,
    Progress progress) {
  private static final int MOST_JOBS = 4096;

  /**
   * Options with every part given; {@link #defaults} and its copies are shorter.
   *
   * @param device the device, or empty
   * @param jobs from 1 to 4096, or empty
   * @param only which pairs of condition and seed are run
   * @param isolated whether each worker is a process of its own
   * @param interrupt a request to stop early
   * @param progress a listener
   * @throws IllegalArgumentException when the number of jobs is another one
   */
  public RunOptions {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(jobs, "jobs");
    Objects.requireNonNull(only, "only");
    Objects.requireNonNull(interrupt, "interrupt");
    Objects.requireNonNull(progress, "progress");
    if (jobs.filter(n -> n < 1 || n > MOST_JOBS).isPresent()) {
      throw new IllegalArgumentException(
          "jobs must be from 1 to " + MOST_JOBS + ", got " + jobs.get());
    }
  }

  /**
   * The default options: all runs, with the file's device and jobs, in this process, without a
   * listener.
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
   * Options with another device.
   *
   * @param name {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @return a changed copy
   */
  public RunOptions onDevice(String name) {
    return new RunOptions(Optional.of(name), jobs, only, isolated, interrupt, progress);
  }

  /**
   * Options with another number of runs that are trained at the same time.
   *
   * @param number from 1 to 4096
   * @return a changed copy
   * @throws IllegalArgumentException when it is another number
   */
  public RunOptions withJobs(int number) {
    return new RunOptions(device, Optional.of(number), only, isolated, interrupt, progress);
  }

  /**
   * Options for a part of the runs. The other runs count as missing.
   *
   * @param wanted which pairs of condition and seed are run
   * @return a changed copy
   */
  public RunOptions only(Predicate<Assignment> wanted) {
    return new RunOptions(device, jobs, wanted, isolated, interrupt, progress);
  }

  /**
   * Options with each worker in a process of its own. A crash of native code then costs one attempt
   * at one run only.
   *
   * @return a changed copy
   */
  public RunOptions inProcesses() {
    return new RunOptions(device, jobs, only, true, interrupt, progress);
  }

  /**
   * Options with a way to stop early. After a stop every run has saved its state. The next start
   * continues from there, to the same bits as without the stop.
   *
   * @param request requests the stop; may be called from any thread
   * @return a changed copy
   */
  public RunOptions until(Interrupt request) {
    return new RunOptions(device, jobs, only, isolated, request, progress);
  }

  /**
   * Options with a listener.
   *
   * @param listener hears of the progress; all workers call it at the same time
   * @return a changed copy
   */
  public RunOptions telling(Progress listener) {
    return new RunOptions(device, jobs, only, isolated, interrupt, listener);
  }
}
