package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import dev.emergence.watch.WatchServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code watch DIR|FILE}: a live page of results, on this machine alone. */
@Command(
    name = "watch",
    description =
        "Shows results in a browser while any number of workers fill the folder; only reads it.")
final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Watching watching;

  @Parameters(
      paramLabel = "DIR|FILE",
      arity = "1..*",
      description = "Results folders, or experiment files whose results lie in results/NAME.")
  private List<Path> places = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    List<ResultsFolder> folders = new ArrayList<>();
    for (Path place : places) {
      folders.add(ResultsFolder.read(folder(place)));
    }
    PrintWriter out = spec.commandLine().getOut();
    List<WatchServer> servers = new ArrayList<>();
    try {
      for (ResultsFolder results : folders) {
        Plan plan = FolderArgument.plan(results);
        servers.add(watching.start(plan, results, out));
      }
      spec.commandLine().getErr().println("watching; Ctrl-C ends it");
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      servers.forEach(WatchServer::close);
    }
    return ExitCode.OK;
  }

  private static Path folder(Path place) throws IOException {
    return Files.isRegularFile(place)
        ? Path.of("results", Experiment.load(place, ReadOptions.none()).spec().name())
        : place;
  }
}
