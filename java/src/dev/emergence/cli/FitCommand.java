package dev.emergence.cli;

import dev.emergence.Results;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fit DIR}: tables, fits and claims anew from stored curves. */
@Command(name = "fit", description = "Repeats tables, fits and claims from the stored curves.")
final class FitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Override
  public Integer call() throws IOException {
    Results results = folder.results();
    if (folder.isReadOnly()) {
      spec.commandLine()
          .getErr()
          .println(results.folder() + " cannot be written; its tables stay as they are");
    } else {
      results.writeTables();
    }
    Conclusion.print(results.analysis(), spec.commandLine().getOut());
    return results.holds() ? ExitCode.OK : ExitCode.EXPECTATION_MISSED;
  }
}
