package dev.emergence.cli;

import dev.emergence.spec.Extensions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The command {@code emergence}. Each subcommand loads what it needs; help and version load nothing
 * else.
 */
@Command(
    name = "emergence",
    description =
        "Experiments on when Transformers learn sparse attention. Reads a YAML"
            + " file; gives trained runs, emergence times, power laws and figures.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything done; claims and expectations hold",
      "1:internal error: please report it",
      "2:bad command line",
      "3:the experiment file cannot be run",
      "4:some runs failed or diverged; the rest is complete",
      "5:runs complete, but an expectation or a claim does not hold",
      "6:the results folder cannot be used",
      "7:the machine lacks something: device, library, memory, disk",
      "75:interrupted with everything saved: run it again"
    },
    footer = {"", "Start with: emergence init quickstart && emergence run quickstart.yaml"},
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      ValidateCommand.class,
      WatchCommand.class,
      StatusCommand.class,
      ListCommand.class,
      ShowCommand.class,
      FitCommand.class,
      TimesCommand.class,
      LawCommand.class,
      PlotCommand.class,
      ReportCommand.class,
      ReproduceCommand.class,
      CompareCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      SubmitCommand.class,
      WorkerCommand.class,
      CheckArchitectureCommand.class,
      CapabilitiesCommand.class,
      PredictCommand.class,
      InitCommand.class,
      SchemaCommand.class,
      SymbolsCommand.class,
      ExplainCommand.class,
      DoctorCommand.class,
      ProfileCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--plugin",
      paramLabel = "JAR",
      scope = ScopeType.INHERIT,
      description =
          "A jar with tasks of your own, which files can then use; may be given" + " again.")
  private void plugins(List<Path> jars) {
    if (jars == null || jars.isEmpty()) {
      return;
    }
    try {
      Extensions.use(jars);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    Home.settle();
    Output output = Output.standard();
    PrintStream out = new PrintStream(output, false, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    int code = run(new PrintWriter(out), new PrintWriter(err, true), arguments);
    out.flush();
    if (output.trouble().isPresent()) {
      err.println("emergence: the output could not be written: " + output.trouble().get());
      code = code == ExitCode.OK ? ExitCode.ENVIRONMENT : code;
    }
    System.exit(code);
  }

  /**
   * Runs a command in this process.
   *
   * @param out takes what was asked for
   * @param err takes notes, progress and errors
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine commandLine = commandLine().setOut(out).setErr(err);
    int code = execute(commandLine, arguments);
    out.flush();
    err.flush();
    return code;
  }

  private static int execute(CommandLine commandLine, String... arguments) {
    try {
      return commandLine.execute(arguments);
    } catch (Error e) { // picocli hands over exceptions alone
      return Errors.error(e, commandLine);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Path.class, Main::path)
        .setParameterExceptionHandler(Errors::usage)
        .setExecutionExceptionHandler(Errors::execution);
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("'" + text + "' names no file or folder");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is no file name here: "
              + e.getReason()
              + "; where it has letters beyond ASCII, run with LC_ALL=C.UTF-8");
    }
  }

  /** Without a command: what it is, and the two next things to type. */
  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Emergence: experiments on when Transformers learn sparse attention. Next:");
    out.println();
    out.println(
        "  emergence init quickstart       writes a first experiment here: quickstart.yaml");
    out.println("  emergence run quickstart.yaml   trains it, fits its law, writes a report");
    out.println();
    out.println("`emergence run quickstart.yaml --watch` shows it in a browser meanwhile;");
    out.println("`emergence --help` lists all commands.");
  }
}
