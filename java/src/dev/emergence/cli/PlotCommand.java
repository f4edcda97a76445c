package dev.emergence.cli;

import dev.emergence.Results;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plot DIR}: plots anew from stored curves. */
@Command(name = "plot", description = "Plots anew from the stored curves.")
final class PlotCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Override
  public Integer call() throws IOException {
    Results results = folder.results();
    results.writePlots().forEach(spec.commandLine().getErr()::println);
    spec.commandLine().getOut().println("plots: " + results.folder().resolve("plots"));
    return ExitCode.OK;
  }
}
