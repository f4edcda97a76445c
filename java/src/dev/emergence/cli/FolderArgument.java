package dev.emergence.cli;

import dev.emergence.Results;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** A results folder on the command line. */
final class FolderArgument {
  @Parameters(paramLabel = "DIR", description = "A results folder, such as results/fig3.")
  private Path folder;

  Results results() {
    return Results.read(folder);
  }

  /** The folder, to write runs into. */
  ResultsFolder openForWork() {
    ResultsFolder.requireAt(folder);
    if (isReadOnly()) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE, folder + " cannot be written, and a worker stores runs in it");
    }
    return ResultsFolder.open(folder, Disk.local());
  }

  ResultsFolder open() {
    return ResultsFolder.read(folder);
  }

  /** For commands that look again and again: a folder that is gone looks like one without runs. */
  void requireStill() {
    if (!ResultsFolder.isAt(folder)) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE, folder + " is gone: it was moved or deleted meanwhile");
    }
  }

  /** Whether nothing can be written into it, as into an archive. */
  boolean isReadOnly() {
    return !Files.isWritable(folder);
  }

  /** The plan that the folder was last run with. */
  static Plan plan(ResultsFolder results) {
    return Planner.plan(results.experiment());
  }
}
