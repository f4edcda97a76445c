package dev.emergence.cli;

import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.TableFit;
import dev.emergence.analysis.TimesTable;
import dev.emergence.fit.FitResult;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.expr.ExpressionError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code law TABLE FORMULA}: a law from a table of times, whoever measured them. */
@Command(
    name = "law",
    description =
        "Fits a formula to the times of a table, whoever measured them: a row for each run, the"
            + " names of the columns first. The tables/runs.csv of a results folder is such a"
            + " table, too. 'emergence explain intervals' says what the intervals mean.")
final class LawCommand implements Callable<Integer> {
  /** Words of the command line, as in experiment files. */
  enum Method {
    log_least_squares,
    interval,
    nonlinear
  }

  /** As {@link Method}. */
  enum Points {
    per_seed,
    mean,
    median
  }

  /** As {@link Method}. */
  enum By {
    seed,
    point
  }

  /** As {@link Method}. */
  enum Unreached {
    exclude,
    censored
  }

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "TABLE",
      description =
          "A file of values separated by commas, semicolons or tabs, or of JSON objects (.jsonl).")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "FORMULA",
      description =
          "Such as \"T_steps = C * d^alpha\": steps and d are columns, C and alpha parameters. In"
              + " runs.csv T_NAME is the time of the threshold NAME. A column 'lr (Adam)' is"
              + " written lr_Adam.")
  private String formula;

  @Option(
      names = "--where",
      paramLabel = "EXPR",
      description = "Only rows for which this is true, such as \"d <= 64 and sweep == plane\".")
  private Optional<String> where = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "COLUMN",
      description =
          "Rows of equal seeds share their data; intervals leave out a seed at a time. Default: the"
              + " column seed. Without one, rows in turn.")
  private Optional<String> seed = Optional.empty();

  @Option(
      names = "--last",
      paramLabel = "COLUMN",
      description =
          "Until when a run without a time was looked at; it counts as longer than that. Default:"
              + " the column last_step. What stands in the column of --lower comes first.")
  private Optional<String> last = Optional.empty();

  @Option(
      names = "--lower",
      paramLabel = "COLUMN",
      description =
          "The last look at a run before its time, for --method interval. Default: the column"
              + " emergence_lower.")
  private Optional<String> lower = Optional.empty();

  @Option(
      names = "--method",
      paramLabel = "M",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. As in experiment files.")
  private Method method = Method.log_least_squares;

  @Option(
      names = "--points",
      paramLabel = "P",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Points points = Points.per_seed;

  @Option(
      names = "--unreached",
      paramLabel = "U",
      description =
          "Runs without a time: ${COMPLETION-CANDIDATES}; default censored, or exclude with --method"
              + " nonlinear.")
  private Optional<Unreached> unreached = Optional.empty();

  @Option(
      names = "--by",
      paramLabel = "U",
      description =
          "What intervals leave out in turn: ${COMPLETION-CANDIDATES}; default seed where a column"
              + " says it.")
  private Optional<By> by = Optional.empty();

  @Override
  public Integer call() throws IOException {
    TimesTable whole = OwnTable.read(file);
    try {
      TimesTable table = where.map(text -> left(whole, text)).orElse(whole);
      TableFit.Columns columns =
          new TableFit.Columns(
              column(table, "--seed", seed, "seed"),
              column(table, "--lower", lower, "emergence_lower"),
              column(table, "--last", last, "last_step"));
      FitReport report = TableFit.of(table, spec(columns.seed().isPresent()), columns);
      PrintWriter out = spec.commandLine().getOut();
      StringWriter said = new StringWriter();
      Conclusion.fit(table.name(), report, new PrintWriter(said));
      out.print(asOptions(said.toString()));
      if (report.result() instanceof FitResult.Refused) {
        out.println("  names that are no columns are parameters; columns: " + table.listed());
      } else if (columns.seed().isEmpty()) {
        out.println("  no column says the seed: intervals leave out rows instead of seeds");
      }
      return ExitCode.OK;
    } catch (TimesTable.Unusable e) {
      throw new Refusal(ExitCode.INVALID_FILE, e.getMessage());
    } catch (ExpressionError e) {
      String hint = formula.startsWith("T_") ? "" : ", where T_NAME is the time in column NAME";
      throw misread(formula, e, hint, whole);
    }
  }

  private static TimesTable left(TimesTable table, String condition) {
    try {
      return table.where(condition);
    } catch (ExpressionError e) {
      throw misread(condition, e, "", table);
    }
  }

  private static Refusal misread(String text, ExpressionError e, String hint, TimesTable table) {
    return new Refusal(
        ExitCode.USAGE,
        "'" + text + "': " + e.getMessage() + hint + "; columns: " + table.listed());
  }

  /** Advice about keys of a fit, in the words of the command line. */
  private static String asOptions(String advice) {
    return advice
        .replace("use method: ", "use --method ")
        .replace("or unreached: ", "or --unreached ")
        .replace("or interval: {by: point}", "or --by point");
  }

  /** The column that was named, or the usual one where the table has it. */
  private static Optional<String> column(
      TimesTable table, String option, Optional<String> named, String usual) {
    Optional<String> found = named.flatMap(table::column);
    if (named.isPresent() && found.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE,
          option
              + " names the column "
              + named.get()
              + ", which is not there; columns: "
              + table.listed());
    }
    return found.or(() -> Optional.of(usual).filter(table.columns()::contains));
  }

  private FitSpec spec(boolean seeds) {
    By unit = by.orElse(seeds ? By.seed : By.point);
    FitSpec.Interval interval =
        Defaults.with(FitSpec.Interval.class, Map.of("by", FitSpec.By.valueOf(upper(unit))));
    return Defaults.with(
        FitSpec.class,
        Map.of(
            "data",
            List.of(),
            "formula",
            formula,
            "method",
            FitSpec.Method.valueOf(upper(method)),
            "points",
            FitSpec.Points.valueOf(upper(points)),
            "unreached",
            unreached.map(u -> FitSpec.Unreached.valueOf(upper(u))),
            "interval",
            interval));
  }

  private static String upper(Enum<?> word) {
    return word.name().toUpperCase(Locale.ROOT);
  }
}
