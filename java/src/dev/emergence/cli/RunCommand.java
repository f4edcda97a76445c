package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.RunOptions;
import dev.emergence.execute.process.SignalHook;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Summary;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import dev.emergence.watch.WatchServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run FILE}: does what is missing, then fits, claims, plots, report. */
@Command(
    name = "run",
    description =
        "Does the runs that are missing, then fits, claims, plots and the"
            + " report. Running it again continues.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FileArguments file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The results folder; default results/NAME, and results/NAME+PROFILE with a profile.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Number of runs trained at the same time; default: one for each core.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(names = "--device", paramLabel = "D", description = "auto, cpu, cuda or cuda:N.")
  private Optional<String> device = Optional.empty();

  @Option(
      names = "--stop-after",
      paramLabel = "TIME",
      description = "Saves everything and ends with exit code 75 after this time, such as 2h.")
  private Optional<String> stopAfter = Optional.empty();

  @Option(
      names = "--same-provenance",
      description =
          "Refuses a folder with finished runs of another build, plug-in, processor"
              + " or device. Without this option they are used, and the report says so.")
  private boolean sameProvenance;

  @Option(
      names = "--watch",
      description = "Shows the runs in a browser while they run; the first line is the address.")
  private boolean watch;

  @Mixin private Watching watching;

  @Option(
      names = "--in-process",
      hidden = true,
      description =
          "Workers are threads of this process. They start faster, but a crash of"
              + " native code ends all.")
  private boolean inProcess;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Refusal.ofAlone("--watch", watch, spec, "--port", "--no-open");
    jobs.ifPresent(n -> Numbers.within(n, 1, 4096, "--jobs"));
    device.ifPresent(d -> Refusal.unlessDevice(d, "auto", "cpu", "cuda"));
    Optional<Duration> time = stopAfter.map(t -> Numbers.duration(t, "--stop-after"));
    Experiment experiment = file.experiment(err);
    Path folder = out.orElse(Path.of("results", experiment.spec().name()));
    if (sameProvenance) {
      SameProvenance.require(experiment.plan(), folder);
    }
    SameProvenance.noteOtherPlugins(experiment.plan(), folder, err);
    OutOfReach.warnings(experiment.plan()).forEach(err::println);
    NothingScored.warnings(experiment.plan()).forEach(err::println);
    Interrupt interrupt = time.map(Interrupt::after).orElseGet(Interrupt::onRequest);
    Results results;
    SignalHook signals = SignalHook.heardBy(interrupt);
    try {
      results = run(experiment, folder, interrupt, err);
    } finally {
      signals.close();
    }
    Summary summary = results.summary();
    boolean unstudied = results.studies().stream().anyMatch(s -> s.open() > 0);
    if (summary.isInterrupted() || (interrupt.cause().isPause() && unstudied)) {
      err.println(
          "stopped: "
              + interrupt.reason()
              + "; "
              + counts(summary)
              + (unstudied ? ", their studies are not" : "")
              + ". Everything is saved: the same command goes on from here.");
      return ExitCode.INTERRUPTED;
    }
    Conclusion.write(results, spec.commandLine().getOut(), err);
    results.studyTroubles().forEach(err::println);
    int code = exitCode(summary, results.holds(), err);
    return results.studyTroubles().isEmpty() ? code : ExitCode.RUNS_FAILED;
  }

  private Results run(Experiment experiment, Path folder, Interrupt interrupt, PrintWriter err)
      throws IOException {
    try (WatchServer page = watch ? page(experiment, folder) : null;
        ProgressLine progress =
            new ProgressLine(err, ProgressLine.onTerminal(), ProgressLine.columns())) {
      return experiment.run(
          folder,
          new RunOptions(
              device, jobs, file.selection(experiment), !inProcess, interrupt, progress));
    }
  }

  private WatchServer page(Experiment experiment, Path folder) throws IOException {
    ResultsFolder results = ResultsFolder.open(folder, Disk.local());
    return watching.start(experiment.plan(), results, spec.commandLine().getOut());
  }

  private static String counts(Summary summary) {
    return summary.count(Standing.State.COMPLETE)
        + " of "
        + summary.standings().size()
        + " runs are complete";
  }

  private static int exitCode(Summary summary, boolean holds, PrintWriter err) {
    long bad = summary.count(Standing.State.FAILED) + summary.count(Standing.State.DIVERGED);
    for (Standing s : summary.standings()) {
      if (s.state() == Standing.State.FAILED || s.state() == Standing.State.DIVERGED) {
        err.println(
            "run "
                + s.run().id()
                + " "
                + s.state().name().toLowerCase(Locale.ROOT)
                + ": "
                + s.reason());
      }
    }
    if (bad > 0 || !summary.isComplete()) {
      err.println(counts(summary) + ", " + bad + " failed or diverged");
      return ExitCode.RUNS_FAILED;
    }
    return holds ? ExitCode.OK : ExitCode.EXPECTATION_MISSED;
  }
}
