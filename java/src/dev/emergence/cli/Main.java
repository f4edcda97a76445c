package dev.emergence.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code emergence}. Each subcommand loads what it needs; help and version load nothing else. */
@Command(
    name = "emergence",
    description = "Experiments on when Transformers learn sparse attention: YAML in; trained runs, emergence times, power laws, figures out.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Start with: emergence init quickstart && emergence run quickstart.yaml", "Exit codes: emergence help exit-codes"},
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      ValidateCommand.class,
      StatusCommand.class,
      ListCommand.class,
      ShowCommand.class,
      FitCommand.class,
      ExportCommand.class,
      PredictCommand.class,
      InitCommand.class,
      SymbolsCommand.class,
      ExplainCommand.class,
      DoctorCommand.class,
      CompletionCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
    int code = run(new PrintWriter(out), new PrintWriter(err, true), arguments);
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
    int code = commandLine.execute(arguments);
    out.flush();
    err.flush();
    return code;
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Errors::usage)
        .setExecutionExceptionHandler(Errors::execution);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
