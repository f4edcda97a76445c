package dev.emergence.cli;

import dev.emergence.analysis.Csv;
import dev.emergence.analysis.CurveTables;
import dev.emergence.analysis.CurveTimes;
import dev.emergence.analysis.State;
import dev.emergence.analysis.TimesTable;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Numeral;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code times CURVES}: times of emergence in curves, whoever measured them. */
@Command(
    name = "times",
    description =
        "Measures after how many steps a metric passes a level, in curves that any program"
            + " recorded: a row for each evaluation of each run, the names of the columns first."
            + " The tables/curves.csv of a results folder is such a table, too. Writes a table with"
            + " a row for each run, to which 'emergence law' fits laws.")
final class TimesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CURVES",
      arity = "1..*",
      description =
          "Files of values separated by commas, semicolons or tabs, or of JSON objects, one in a"
              + " line (.jsonl). Runs of different files are different. What a path says as in"
              + " d=16,seed=0/log.csv is a column, too.")
  private List<Path> files;

  @Option(
      names = "--metric",
      required = true,
      paramLabel = "NAME",
      description =
          "A column, or a name in the column metric whose values are in the column value.")
  private String metric;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Level level;

  /** The side of the level on which the metric has emerged. */
  private static final class Level {
    @Option(
        names = "--below",
        paramLabel = "X",
        description = "Emerged once the metric is below this.")
    private Optional<Double> below = Optional.empty();

    @Option(
        names = "--above",
        paramLabel = "X",
        description = "Emerged once the metric is above this.")
    private Optional<Double> above = Optional.empty();
  }

  @Option(
      names = "--relative-to",
      paramLabel = "R",
      description =
          "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. initial: levels are multiples of a"
              + " run's first value.")
  private To relativeTo = To.absolute;

  /** Words of the command line, as in experiment files. */
  enum To {
    absolute,
    initial
  }

  @Option(
      names = "--hold",
      paramLabel = "N",
      description =
          "Number of evaluations in a row that must pass; default ${DEFAULT-VALUE}. With 1, a level"
              + " within the noise of the curve is crossed by chance.")
  private int hold = 1;

  @Option(
      names = "--smooth",
      paramLabel = "N",
      description =
          "Number of evaluations whose mean is compared: the current one and those before it;"
              + " default ${DEFAULT-VALUE}.")
  private int smooth = 1;

  @Option(
      names = "--from",
      paramLabel = "X",
      description =
          "Counts only after the metric was on the other side of this level: '--below 0.3 --from"
              + " 0.6' is a fall.")
  private Optional<Double> from = Optional.empty();

  @Option(
      names = "--step",
      paramLabel = "COLUMN",
      description = "Steps; default step, Step, _step or global_step.")
  private Optional<String> step = Optional.empty();

  @Option(
      names = "--run",
      paramLabel = "COLUMN",
      description =
          "Rows that are equal in this column are one run; may be given again, as '--run seed --run"
              + " d'. Default: the column run, where there is one.")
  private List<String> run = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "What the time is called: T_NAME in formulas of 'emergence law'; default"
              + " ${DEFAULT-VALUE}.")
  private String name = "emergence";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the table goes; default: printed.")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Threshold threshold = threshold();
    CurveTimes times;
    try {
      CurveTables.Columns columns = new CurveTables.Columns(step, run, metric);
      times = CurveTimes.of(CurveTables.read(tables(), columns), name, threshold);
    } catch (TimesTable.Unusable e) {
      throw new Refusal(ExitCode.INVALID_FILE, e.getMessage());
    }
    PrintWriter said = spec.commandLine().getErr();
    if (out.isPresent()) {
      Files.writeString(out.get(), times.text());
      said = spec.commandLine().getOut();
    } else {
      spec.commandLine().getOut().print(times.text());
      spec.commandLine().getOut().flush();
    }
    summary(times).forEach(said::println);
    return ExitCode.OK;
  }

  private List<TimesTable> tables() throws IOException {
    List<TimesTable> tables = new ArrayList<>();
    for (Path file : files) {
      if (files.indexOf(file) != files.lastIndexOf(file)) {
        throw new Refusal(ExitCode.USAGE, file + " is named twice");
      }
      TimesTable table = OwnTable.read(file).with(OwnTable.settings(file));
      if (out.isPresent() && Files.exists(out.get()) && Files.isSameFile(file, out.get())) {
        throw new Refusal(ExitCode.USAGE, "--out would overwrite the curves in " + file);
      }
      tables.add(files.size() == 1 ? table : table.named(file.toString()));
    }
    return tables;
  }

  private Threshold threshold() {
    if (hold < 1 || smooth < 1) {
      throw new Refusal(ExitCode.USAGE, "--hold and --smooth are whole numbers from 1");
    }
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new Refusal(
          ExitCode.USAGE,
          "--name has letters, digits and _ only, so that formulas can have T_NAME; got " + name);
    }
    double to = level.below.or(() -> level.above).orElseThrow();
    double before = from.orElse(to);
    if (!Double.isFinite(to) || !Double.isFinite(before)) {
      throw new Refusal(ExitCode.USAGE, "--below, --above and --from are finite numbers");
    }
    if (level.below.isPresent() ? before < to : before > to) {
      throw new Refusal(
          ExitCode.USAGE,
          "--from must lie on the other side of the level: '--below 0.3 --from 0.6' is a fall");
    }
    return new Threshold(
        metric,
        level.below,
        level.above,
        relativeTo == To.initial ? Relative.INITIAL : Relative.ABSOLUTE,
        hold,
        smooth,
        from,
        Optional.empty());
  }

  private List<String> summary(CurveTimes times) {
    int runs = times.counts().values().stream().mapToInt(Integer::intValue).sum();
    int reached = times.times().size();
    StringBuilder line = new StringBuilder(name + ": " + reached + " of " + runs + " runs");
    if (reached > 0) {
      String first = Csv.number(times.times().get(0));
      String last = Csv.number(times.times().get(reached - 1));
      line.append(" at step " + first + (first.equals(last) ? "" : " to " + last));
    }
    times.counts().forEach((state, count) -> line.append(other(state, count)));
    List<String> out = new ArrayList<>(List.of(line.toString()));
    if (times.again() > 0) {
      out.add(
          "  in "
              + Numeral.count(times.again(), "run")
              + " the metric passed, fell back and passed again later: the first time counts; a"
              + " larger --hold asks for more evaluations in a row");
    }
    return out;
  }

  private static String other(State state, int count) {
    return state == State.REACHED ? "" : ", " + count + " " + state.word();
  }
}
