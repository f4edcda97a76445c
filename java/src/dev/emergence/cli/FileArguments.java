package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.InvalidExperiment;
import dev.emergence.dsl.Explanation;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An experiment file on the command line, with what is put on top of it. */
final class FileArguments {
  @Parameters(paramLabel = "FILE", description = "The experiment file (YAML).")
  private Path file;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "One of the file's profiles, such as laptop.")
  private Optional<String> profile = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Sets one value, such as task.dim=32; may be given again.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--yes-many", description = "Allows more than 100,000 runs.")
  private boolean yesMany;

  @Mixin private PartArguments part;

  /** Where a value of the file comes from: see {@link Reading#explain}. */
  List<Explanation> explain(String path) {
    return SpecReader.read(file, options()).explain(path);
  }

  private ReadOptions options() {
    return new ReadOptions(profile, sets, yesMany);
  }

  /**
   * The experiment; its warnings are printed.
   *
   * @throws Refusal with every problem, when it cannot be run
   */
  Experiment experiment(PrintWriter err) throws IOException {
    return experiment(file, options(), err);
  }

  /**
   * As {@link #experiment(PrintWriter)}, of any file.
   *
   * @throws Refusal with every problem, when it cannot be run
   */
  static Experiment experiment(Path file, ReadOptions options, PrintWriter err) throws IOException {
    try {
      Experiment experiment = Experiment.load(file, options);
      experiment.warnings().forEach(warning -> err.print(warning.toText()));
      err.flush();
      return experiment;
    } catch (InvalidExperiment e) {
      err.print(e.getMessage());
      throw new Refusal(ExitCode.INVALID_FILE, "");
    }
  }

  /**
   * The conditions and seeds that were asked for.
   *
   * @throws Refusal when none is left
   */
  Predicate<Assignment> selection(Experiment experiment) {
    return part.of(experiment.plan());
  }

  /** The options that chose a part, as words of another command line; none when all is meant. */
  List<String> partWords() {
    return part.words();
  }

  /**
   * The part of the plan that was asked for.
   *
   * @throws Refusal when nothing is left
   */
  Plan plan(Experiment experiment) {
    return experiment.plan().only(selection(experiment));
  }
}
