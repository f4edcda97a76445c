package dev.emergence.cli;

import dev.emergence.result.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code predict FILE}: plateaus by theory and by the published laws, before anything is run, and
 * step budgets that follow from them.
 */
@Command(
    name = "predict",
    description =
        "Predicts plateau lengths from the theory and the published laws, and"
            + " the steps that they need. Runs nothing.")
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FileArguments file;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Forecasts forecasts = Forecasts.of(file.plan(file.experiment(spec.commandLine().getErr())));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(Json.pretty(Map.of("conditions", forecasts.tree())));
    } else {
      forecasts.print(out);
    }
    return ExitCode.OK;
  }
}
