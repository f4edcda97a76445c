package dev.emergence.execute.process;

import dev.emergence.plan.PlannedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How worker processes are started.
 *
 * @param mainClass a class whose main ends in {@link WorkerProcess}
 * @param device the word for the device
 * @param threads threads of one run
 * @param heapMiB largest heap of a process
 * @param quiet how long a process may give no sign of life
 */
public record Launcher(String mainClass, String device, int threads, long heapMiB, Quiet quiet) {

  private static final long LEAST_HEAP = 256;

  /**
   * How long a process may give no sign of life.
   *
   * @param atStart milliseconds until its first message, and until it has measured for the first
   *     time
   * @param least milliseconds at any later time
   * @param factor over the longest pause before
   */
  record Quiet(long atStart, long least, double factor) {
    static final Quiet USUAL = new Quiet(600_000, 120_000, 10);

    long limit(boolean measured, long longest) {
      return measured ? Math.max(least, (long) (factor * longest)) : atStart;
    }
  }

  /** How workers are started for some runs. */
  @FunctionalInterface
  public interface Choice {
    /**
     * Chooses.
     *
     * @param runs what there is to do
     * @param processes how many work at a time
     */
    Launcher launcher(List<PlannedRun> runs, int processes);
  }

  /**
   * The usual workers: as many processes share the memory that this one may take. Each gets what
   * the largest of the runs needs, also where the shares are smaller: it may be that not all of
   * them train a large run at once.
   */
  public static Choice usual(String device, int threads) {
    return (runs, processes) -> {
      long share = Runtime.getRuntime().maxMemory() / Math.max(1, processes);
      long needed = runs.stream().mapToLong(run -> run.cost().hostBytes()).max().orElse(0);
      long heap = Math.max(LEAST_HEAP, Math.max(share, needed) >> 20);
      return new Launcher(WorkerProcess.class.getName(), device, threads, heap, Quiet.USUAL);
    };
  }

  /**
   * Starts a process with pipes on input and output; its errors come with its output.
   *
   * @param errors where a crash leaves its report
   */
  Process start(Path errors) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMiB + "m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:ErrorFile=" + errors.toAbsolutePath().resolve("hs_err_pid%p.log"));
    command.add("-XX:ErrorLogTimeout=10");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-Djava.awt.headless=true");
    command.add("-Duser.home=" + System.getProperty("user.home"));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("org.bytedeco.") || name.startsWith("emergence."))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
