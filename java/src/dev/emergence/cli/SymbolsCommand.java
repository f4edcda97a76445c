package dev.emergence.cli;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.page.TaskSymbols;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.Symbols;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
        "Lists the names that formulas, conditions and axes of plots may use, by task or of a file.")
final class SymbolsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TASK|FILE",
      arity = "0..1",
      description =
          "A task's kind, such as linear_regression, or an experiment file, which may name more;"
              + " default: all tasks.")
  private String what = "";

  @Option(names = "--all", description = "Also lists last parts of paths that are unique.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    Set<String> kinds = Keys.kinds(TaskSpec.class).keySet();
    if (what.endsWith(".yaml") || what.endsWith(".yml")) {
      ofFile(Path.of(what));
    } else if (what.isEmpty()) {
      kinds.forEach(kind -> list(kind, Map.of()));
    } else if (kinds.contains(what)) {
      list(what, Map.of());
    } else {
      throw Refusal.unknown("task", what, kinds);
    }
    return ExitCode.OK;
  }

  private void ofFile(Path file) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    ExperimentSpec read = FileArguments.experiment(file, ReadOptions.none(), err).spec();
    list(Keys.kindOf((Record) read.base().task()), read.symbols());
  }

  private void list(String kind, Map<String, String> own) {
    PrintWriter out = spec.commandLine().getOut();
    List<Symbols.Symbol> listed = TaskSymbols.of(kind, own, all);
    int names = listed.stream().mapToInt(s -> s.name().length()).max().orElse(1);
    int paths = listed.stream().mapToInt(s -> s.path().length()).max().orElse(1);
    String line = "  %-" + names + "s  %-" + paths + "s  %s";
    out.println("task.kind: " + kind);
    listed.forEach(s -> out.println(Numbers.text(line, s.name(), s.path(), s.doc())));
  }
}
