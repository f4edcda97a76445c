package dev.emergence.cli;

import dev.emergence.spec.Keys;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.Symbols;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code symbols}: the names that formulas, conditions and plot axes may use. */
@Command(
    name = "symbols",
    description =
        "Lists the names that formulas, conditions and axes of plots may use," + " by task.")
final class SymbolsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TASK",
      arity = "0..1",
      description = "A task's kind, such as linear_regression; default: all.")
  private String task = "";

  @Option(names = "--all", description = "Also lists last parts of paths that are unique.")
  private boolean all;

  @Override
  public Integer call() {
    Set<String> kinds = Keys.kinds(TaskSpec.class).keySet();
    if (!task.isEmpty() && !kinds.contains(task)) {
      throw new Refusal(
          ExitCode.USAGE, "there is no task '" + task + "'; known: " + String.join(", ", kinds));
    }
    PrintWriter out = spec.commandLine().getOut();
    for (String kind : task.isEmpty() ? kinds : Set.of(task)) {
      Symbols symbols = Symbols.of(kind, Map.of());
      out.println("task.kind: " + kind);
      for (Symbols.Symbol symbol : symbols.all().values()) {
        if (all || symbols.official().contains(symbol.name())) {
          out.println(Numbers.text("  %-18s %-40s %s", symbol.name(), symbol.path(), symbol.doc()));
        }
      }
    }
    return ExitCode.OK;
  }
}
