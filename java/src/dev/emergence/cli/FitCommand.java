package dev.emergence.cli;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Tables;
import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fit DIR}: tables, fits and claims anew from stored curves. */
@Command(name = "fit", description = "Tables, fits and claims anew from the stored curves.")
final class FitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Override
  public Integer call() throws IOException {
    ResultsFolder results = folder.open();
    Plan plan = FolderArgument.plan(results);
    Analysis analysis = Analysis.of(plan, results.load(plan));
    Tables.write(results, analysis);
    Conclusion.print(analysis, spec.commandLine().getOut());
    return analysis.holds() ? ExitCode.OK : ExitCode.EXPECTATION_MISSED;
  }
}
