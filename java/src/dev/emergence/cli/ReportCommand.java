package dev.emergence.cli;

import dev.emergence.Results;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code report DIR}: everything that is derived, anew from stored curves. */
@Command(
    name = "report",
    description = "Repeats tables, fits, claims, plots and the report from the stored" + " curves.")
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Override
  public Integer call() throws IOException {
    Results results = folder.results();
    Conclusion.write(results, spec.commandLine().getOut(), spec.commandLine().getErr());
    Conclusion.incomplete(results).ifPresent(spec.commandLine().getErr()::println);
    return results.holds() ? ExitCode.OK : ExitCode.EXPECTATION_MISSED;
  }
}
