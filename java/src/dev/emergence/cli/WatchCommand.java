package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.result.ResultsFolder;
import dev.emergence.watch.WatchServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        "Shows results in a browser while workers fill the folder, and only"
            + " reads it. Several folders share one page, which joins their common"
            + " sweeps.")
final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Watching watching;

  @Parameters(
      paramLabel = "DIR|FILE",
      arity = "1..*",
      description = "Results folders, or experiment files whose results are in" + " results/NAME.")
  private List<Path> places = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    List<Path> folders = folders(places);
    List<WatchServer.Folder> shown = new ArrayList<>();
    for (Path folder : folders) {
      ResultsFolder results = ResultsFolder.read(folder);
      shown.add(
          new WatchServer.Folder(label(folder, folders), FolderArgument.plan(results), results));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (WatchServer server = watching.start(shown, out)) {
      spec.commandLine().getErr().println("watching; Ctrl-C ends it");
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  /** A folder's own name, or its whole path where another has the same. */
  private static String label(Path folder, List<Path> all) {
    Path own = folder.toAbsolutePath().normalize();
    long alike =
        all.stream()
            .filter(f -> f.toAbsolutePath().normalize().endsWith(own.getFileName()))
            .count();
    return alike == 1 ? own.getFileName().toString() : folder.normalize().toString();
  }

  /** Each folder once, by whatever names it was given. */
  static List<Path> folders(List<Path> places) throws IOException {
    Map<Path, Path> out = new LinkedHashMap<>();
    for (Path place : places) {
      Path folder = folder(place);
      boolean there = Files.exists(folder);
      out.putIfAbsent(there ? folder.toRealPath() : folder.toAbsolutePath().normalize(), folder);
    }
    return List.copyOf(out.values());
  }

  private static Path folder(Path place) throws IOException {
    return Files.isRegularFile(place)
        ? Path.of("results", Experiment.load(place, ReadOptions.none()).spec().name())
        : place;
  }
}
