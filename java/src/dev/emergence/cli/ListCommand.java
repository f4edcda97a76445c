package dev.emergence.cli;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Standings;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code list DIR}: one line a run of each sweep. */
@Command(
    name = "list",
    description =
        "Lists the runs, one in each line: sweep, values, seed, and when each"
            + " threshold was crossed.")
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Mixin private PartArguments part;

  @Override
  public Integer call() {
    ResultsFolder results = folder.open();
    Plan whole = FolderArgument.plan(results);
    Plan plan = whole.only(part.of(whole));
    Standings runs = Standings.of(plan, results);
    Analysis analysis = Analysis.of(plan, runs.stored());
    Map<String, Standing> standings = new LinkedHashMap<>();
    runs.all().forEach(s -> standings.put(s.run().id(), s));
    PrintWriter out = spec.commandLine().getOut();
    for (String sweep : plan.experiment().sweeps().keySet()) {
      for (Cell cell : analysis.cells(sweep)) {
        cell.seeds().forEach(run -> out.println(line(sweep, run, standings)));
      }
    }
    return ExitCode.OK;
  }

  private static String line(String sweep, Observation run, Map<String, Standing> standings) {
    StringBuilder out = new StringBuilder(run.assignment().run() + " " + sweep);
    String variant = run.assignment().condition().variant();
    out.append(variant.isEmpty() ? "" : " " + variant);
    run.assignment()
        .condition()
        .values()
        .forEach(
            (path, value) ->
                out.append(' ').append(path).append('=').append(Numbers.spelled(value)));
    out.append(" seed=").append(run.seed());
    if (run.ended().isEmpty()) {
      Standing standing = standings.get(run.assignment().run());
      out.append(' ').append(StatusCommand.word(standing.state()));
      return standing.step() > 0
          ? out.append('@').append(Numbers.value(standing.step())).toString()
          : out.toString();
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
