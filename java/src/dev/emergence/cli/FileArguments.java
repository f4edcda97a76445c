package dev.emergence.cli;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import dev.emergence.spec.ExperimentSpec;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An experiment file on the command line, with what is put on top of it. */
final class FileArguments {
  @Parameters(paramLabel = "FILE", description = "The experiment file (YAML).")
  private Path file;

  @Option(names = "--profile", paramLabel = "NAME", description = "One of the file's profiles, such as laptop.")
  private Optional<String> profile = Optional.empty();

  @Option(names = "--set", paramLabel = "PATH=VALUE", description = "Sets one value, such as task.dim=32; may be given again.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--yes-many", description = "Allows more than 100,000 runs.")
  private boolean yesMany;

  @Option(names = "--only", paramLabel = "SWEEP", description = "Only this sweep; may be given again.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--where", paramLabel = "EXPR", description = "Only conditions like this, such as \"d <= 64 and seed == 0\".")
  private Optional<String> where = Optional.empty();

  Path file() {
    return file;
  }

  /** Reads the file, for its problems. */
  Reading read() {
    return SpecReader.read(file, new ReadOptions(profile, sets, yesMany));
  }

  /**
   * The experiment; its warnings are printed.
   *
   * @throws Refusal with every problem, when it cannot be run
   */
  ExperimentSpec experiment(PrintWriter err) {
    Reading reading = read();
    if (!reading.diagnostics().isEmpty()) {
      err.print(reading.toText());
      err.flush();
    }
    return reading.spec().orElseThrow(() -> new Refusal(ExitCode.INVALID_FILE, ""));
  }

  /** The part of a plan that was asked for. */
  Plan selected(Plan plan) {
    return Selected.by(plan, only, where);
  }

  /** The whole plan of an experiment. */
  static Plan plan(ExperimentSpec experiment) {
    return Planner.plan(experiment);
  }
}
