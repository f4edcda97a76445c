package dev.emergence.cli;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code list DIR}: one line a run of each sweep. */
@Command(
    name = "list",
    description = "One line a run: sweep, values, seed, and when each threshold was crossed.")
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Mixin private PartArguments part;

  @Override
  public Integer call() {
    ResultsFolder results = folder.open();
    Plan whole = FolderArgument.plan(results);
    Plan plan = whole.only(part.of(whole));
    Analysis analysis = Analysis.of(plan, results.load(plan));
    PrintWriter out = spec.commandLine().getOut();
    for (String sweep : plan.experiment().sweeps().keySet()) {
      for (Cell cell : analysis.cells(sweep)) {
        cell.seeds().forEach(run -> out.println(line(sweep, run)));
      }
    }
    return ExitCode.OK;
  }

  private static String line(String sweep, Observation run) {
    StringBuilder out = new StringBuilder(run.assignment().run() + " " + sweep);
    run.assignment()
        .condition()
        .values()
        .forEach((path, value) -> out.append(' ').append(path).append('=').append(value));
    out.append(" seed=").append(run.seed());
    if (run.ended().isEmpty()) {
      return out.append(" missing").toString();
    }
    out.append(' ')
        .append(run.ended().get().name().toLowerCase(Locale.ROOT))
        .append('@')
        .append(Numbers.value(run.lastStep()));
    for (String name : run.thresholds().keySet()) {
      String when =
          run.emergence(name) instanceof Emergence.Reached at
              ? Numbers.value(at.step())
              : run.state(name).word();
      out.append(' ').append(name).append('=').append(when);
    }
    return out.toString();
  }
}
