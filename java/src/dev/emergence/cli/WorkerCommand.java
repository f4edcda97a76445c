package dev.emergence.cli;

import dev.emergence.execute.Execution;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.device.MachineMemory;
import dev.emergence.execute.process.SignalHook;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Standings;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.study.StudyStanding;
import dev.emergence.study.StudyWork;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code worker DIR}: one of any number of workers, on any machines that share the folder, that
 * drain a plan together.
 */
@Command(
    name = "worker",
    description =
        "Does runs of a results folder, and their studies, until none is left or the time is"
            + " over. Any number of workers may do so at the same time.")
final class WorkerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;
  @Mixin private PartArguments part;

  @Option(
      names = "--slot",
      paramLabel = "I",
      description = "The worker's number, for its messages.")
  private Optional<Integer> slot = Optional.empty();

  @Option(
      names = "--stop-after",
      paramLabel = "TIME",
      description = "Saves everything and ends with exit code 75 after this time, such as 7h50min.")
  private Optional<String> stopAfter = Optional.empty();

  @Option(names = "--device", paramLabel = "D", description = "auto, cpu, cuda or cuda:N.")
  private Optional<String> device = Optional.empty();

  @Override
  public Integer call() throws IOException {
    slot.ifPresent(i -> Numbers.within(i, 0, Integer.MAX_VALUE, "--slot"));
    device.ifPresent(d -> Refusal.unlessDevice(d, "auto", "cpu", "cuda"));
    ResultsFolder results = folder.openForWork();
    Plan whole = FolderArgument.plan(results);
    Plan plan = whole.only(part.of(whole));
    PrintWriter err = spec.commandLine().getErr();
    ExecutionSpec execution = plan.experiment().execution();
    Engines.Choice choice =
        Engines.choose(plan.runs(), device.orElse(execution.device()), execution.threads());
    Interrupt interrupt =
        stopAfter
            .map(t -> Interrupt.after(Numbers.duration(t, "--stop-after")))
            .orElseGet(Interrupt::onRequest);
    slot.ifPresent(i -> err.println("worker " + i + " on " + choice.device()));
    Standings before = Standings.of(plan, results);
    if (MachineMemory.isSharedBy(choice.device())) {
      MachineMemory.here().shortage(before.open(), 1).ifPresent(err::println);
    }
    SignalHook signals = SignalHook.heardBy(interrupt);
    Summary summary;
    List<String> troubles = List.of();
    try (ProgressLine progress = new ProgressLine(err, false, 80)) {
      Execution here = new Execution(choice.engine(), 1, interrupt, progress).overManyStarts();
      summary =
          (choice.isNone() ? here : here.inProcesses(choice.device(), execution.threads()))
              .run(plan, before);
      if (!interrupt.requested()) {
        troubles = study(plan, results, choice, interrupt, progress);
      }
    } finally {
      signals.close();
    }
    // A study that fails would be tried again without end, were it a reason to be queued again.
    boolean unstudied =
        interrupt.cause().isPause() && troubles.isEmpty() && StudyWork.isOpen(plan, results);
    if (summary.isInterrupted() || unstudied) {
      String reason = unstudied ? interrupt.reason() : summary.reason();
      err.println("stopped: " + reason + "; everything is saved");
      return ExitCode.INTERRUPTED;
    }
    return concluded(summary, StudyStanding.of(plan, results), troubles);
  }

  private int concluded(Summary summary, List<StudyStanding> studies, List<String> troubles) {
    PrintWriter err = spec.commandLine().getErr();
    StudyLines.standings(studies).forEach(err::println);
    troubles.forEach(err::println);
    err.println(
        summary.count(Standing.State.COMPLETE)
            + " of "
            + summary.standings().size()
            + " runs are complete");
    return summary.isComplete() && troubles.isEmpty() ? ExitCode.OK : ExitCode.RUNS_FAILED;
  }

  /** Makes what other workers leave of the studies of runs that are finished by now. */
  private static List<String> study(
      Plan plan,
      ResultsFolder results,
      Engines.Choice choice,
      Interrupt interrupt,
      ProgressLine progress)
      throws IOException {
    return StudyWork.isOpen(plan, results)
        ? new StudyWork(results, choice.engine().backends(), interrupt::requested, progress)
            .run(plan, 1)
        : List.of();
  }
}
