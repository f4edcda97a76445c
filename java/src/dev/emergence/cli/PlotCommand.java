package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code plot FILE}: the figures of an edited file from the stored runs; {@code plot DIR}: those of
 * a results folder as it was last run. Nothing is trained.
 */
@Command(
    name = "plot",
    description = {
      "Draws the figures from the stored runs; nothing is trained.",
      "Given a FILE, as the file says now; given a DIR, as it was last run."
    })
final class PlotCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "The experiment file (YAML), or a results folder.")
  private Path from;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The results folder of FILE; default results/NAME, and results/NAME+PROFILE"
              + " with a profile.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "One of the file's profiles, such as laptop.")
  private Optional<String> profile = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Sets one value, such as plots.law.title=Law; may be given again.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--yes-many", description = "Allows more than 100,000 runs.")
  private boolean yesMany;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Results results = Files.isDirectory(from) ? ofFolder() : ofFile(err);
    results.writePlots().forEach(err::println);
    Conclusion.incomplete(results).ifPresent(err::println);
    spec.commandLine().getOut().println("plots: " + results.folder().resolve("plots"));
    return ExitCode.OK;
  }

  private Results ofFolder() {
    if (out.isPresent() || profile.isPresent() || !sets.isEmpty() || yesMany) {
      throw new Refusal(
          ExitCode.USAGE,
          "--out, --profile, --set and --yes-many go with an experiment file; "
              + from
              + " is a folder");
    }
    return Results.read(from);
  }

  private Results ofFile(PrintWriter err) throws IOException {
    Experiment experiment =
        FileArguments.experiment(from, new ReadOptions(profile, sets, yesMany), err);
    Path folder = out.orElse(Path.of("results", experiment.spec().name()));
    if (!ResultsFolder.isAt(folder)) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          folder
              + " is no results folder; `emergence run "
              + from
              + "` makes it, or name another with --out");
    }
    return experiment.stored(folder, err::println);
  }
}
