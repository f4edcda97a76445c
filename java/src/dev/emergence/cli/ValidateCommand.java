package dev.emergence.cli;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import java.io.PrintWriter;
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

/** {@code validate FILE...}: every problem of every file at once; no device is touched. */
@Command(
    name = "validate",
    description = "Checks experiment files and shows every problem with its place.")
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Experiment files (YAML).")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--profile", paramLabel = "NAME", description = "One of the files' profiles.")
  private Optional<String> profile = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Sets one value; may be given again.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--yes-many", description = "Allows more than 100,000 runs.")
  private boolean yesMany;

  @Option(names = "--json", description = "Prints the problems as a JSON list.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean valid = true;
    List<String> lists = new ArrayList<>();
    for (Path file : files) {
      Reading reading = SpecReader.read(file, new ReadOptions(profile, sets, yesMany));
      valid &= reading.isValid();
      if (json) {
        lists.add(reading.toJson().strip());
      } else {
        out.print(reading.toText());
        out.println(reading.isValid() ? file + ": valid" : "");
      }
    }
    if (json) {
      out.println(joined(lists));
    }
    return valid ? ExitCode.OK : ExitCode.INVALID_FILE;
  }

  /** One list of what several lists hold. */
  private static String joined(List<String> lists) {
    List<String> inner =
        lists.stream()
            .map(l -> l.substring(1, l.length() - 1).strip())
            .filter(l -> !l.isEmpty())
            .toList();
    return "[" + String.join(",\n", inner) + "]";
  }
}
