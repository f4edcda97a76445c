package dev.emergence.cli;

import dev.emergence.execute.Execution;
import dev.emergence.execute.Verification;
import dev.emergence.execute.Verification.Finding;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.spec.Numeral;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code verify DIR}: checksums, and bits. */
@Command(
    name = "verify",
    description =
        "Checks every stored file against its checksum; can compute runs again and compare bits.")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Option(
      names = "--replay",
      paramLabel = "N",
      description = "Computes N complete runs again, the cheapest first, and compares.")
  private Optional<Integer> replay = Optional.empty();

  @Option(
      names = "--repair",
      description =
          "Moves damaged runs to quarantine/, so that the next run does them"
              + " again. Nothing is deleted.")
  private boolean repair;

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Device of the replay: auto, cpu, cuda or cuda:N.")
  private Optional<String> device = Optional.empty();

  @Override
  public Integer call() throws IOException {
    replay.ifPresent(VerifyCommand::requireRuns);
    Refusal.ofAlone("--replay", replay.isPresent(), spec, "--device");
    device.ifPresent(d -> Refusal.unlessDevice(d, "auto", "cpu", "cuda"));
    ResultsFolder results = folder.open();
    Plan plan = FolderArgument.plan(results);
    Verification verification = new Verification(results, plan);
    PrintWriter out = spec.commandLine().getOut();
    int checked = results.ids().size();
    List<Finding> damaged = verification.check();
    for (Finding finding : damaged) {
      String moved =
          repair ? "; it lies now in " + results.quarantine(finding.run(), finding.what()) : "";
      out.println("run " + finding.run() + ": " + finding.what() + moved);
    }
    List<String> orphans = verification.orphans();
    if (!orphans.isEmpty()) {
      out.println(
          orphans.size()
              + " runs are of other plans or other numerics; they are kept and not used");
    }
    List<Finding> findings = new ArrayList<>(damaged);
    if (replay.isPresent()) {
      findings.addAll(replay(replay.get(), verification, plan, out));
    }
    out.println(
        Numeral.count(checked, "run")
            + " checked, "
            + (findings.isEmpty() ? "all well" : findings.size() + " not well"));
    return findings.isEmpty() ? ExitCode.OK : ExitCode.FOLDER_UNUSABLE;
  }

  private static void requireRuns(int count) {
    if (count < 1) {
      throw new Refusal(
          ExitCode.USAGE,
          "--replay must be at least 1, got "
              + count
              + "; leave it out to compare checksums alone");
    }
  }

  private List<Finding> replay(int count, Verification verification, Plan plan, PrintWriter out)
      throws IOException {
    ExecutionSpec execution = plan.experiment().execution();
    Engines.Choice choice =
        Engines.choose(plan.runs(), device.orElse(execution.device()), execution.threads());
    PrintWriter err = spec.commandLine().getErr();
    try (ProgressLine progress =
        new ProgressLine(err, ProgressLine.onTerminal(), ProgressLine.columns())) {
      int jobs = choice.defaultJobs(execution.threads());
      List<Finding> found =
          verification.replay(
              count, new Execution(choice.engine(), jobs, Interrupt.onRequest(), progress));
      found.forEach(f -> out.println("run " + f.run() + ": " + f.what()));
      out.println(
          "replayed on "
              + choice.device()
              + ": "
              + (found.isEmpty() ? "the same bits" : found.size() + " runs differ"));
      return found;
    }
  }
}
