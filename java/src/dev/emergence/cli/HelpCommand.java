package dev.emergence.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help COMMAND}: what {@code COMMAND --help} says. */
@Command(name = "help", description = "Shows the help of a command, or of all.")
final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "A command, such as run; without one, all are listed.")
  private Optional<String> name = Optional.empty();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CommandLine all = spec.commandLine().getParent();
    CommandLine one = name.isEmpty() ? all : all.getSubcommands().get(name.get());
    if (one == null) {
      String known = String.join(" ", all.getSubcommands().keySet());
      throw new Refusal(
          ExitCode.USAGE, "there is no command '" + name.get() + "'\nKnown: " + known);
    }
    one.usage(out);
    return ExitCode.OK;
  }
}
