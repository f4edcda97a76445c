package dev.emergence.cli;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Csv;
import dev.emergence.analysis.Observation;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Standings;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.Plan;
import dev.emergence.result.Curve;
import dev.emergence.result.ResultsFolder;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        for (Observation run : cell.seeds()) {
          Standing standing = standings.get(run.assignment().run());
          out.println(line(sweep, run) + state(run, standing, results) + times(run));
        }
      }
    }
    return ExitCode.OK;
  }

  private static String line(String sweep, Observation run) {
    StringBuilder out = new StringBuilder(run.assignment().run() + " " + sweep);
    String variant = run.assignment().condition().variant();
    out.append(variant.isEmpty() ? "" : " " + variant);
    String values = Csv.setting(run.assignment().condition().values());
    out.append(values.isEmpty() ? "" : " " + values);
    return out.append(" seed=").append(run.seed()).toString();
  }

  /** How the condition's run ended; while something is left to do, how far that has come. */
  private static String state(Observation run, Standing standing, ResultsFolder results) {
    boolean ended = standing.isEnded() && run.ended().isPresent();
    String word =
        ended
            ? run.ended().get().name().toLowerCase(Locale.ROOT)
            : StatusCommand.word(standing.state());
    double step = ended ? run.lastStep() : soFar(standing, results);
    return " " + word + (ended || step > 0 ? "@" + Numbers.value(step) : "");
  }

  private static double soFar(Standing standing, ResultsFolder results) {
    Optional<Curve> rows = results.run(standing.run().id()).follow().read();
    double last = rows.filter(c -> c.size() > 0).map(c -> c.steps()[c.size() - 1]).orElse(0.0);
    return Math.max(last, standing.step());
  }

  private static String times(Observation run) {
    StringBuilder out = new StringBuilder();
    for (String name : run.ended().isEmpty() ? Set.<String>of() : run.thresholds().keySet()) {
      String when =
          run.emergence(name) instanceof Emergence.Reached at
              ? Numbers.value(at.step())
              : run.state(name).word();
      out.append(' ').append(name).append('=').append(when);
    }
    return out.toString();
  }
}
