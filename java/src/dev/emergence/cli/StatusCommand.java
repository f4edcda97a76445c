package dev.emergence.cli;

import dev.emergence.execute.Execution;
import dev.emergence.execute.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status DIR}: how many runs are in which state, and why some are not well. Reads only. */
@Command(
    name = "status",
    description = "How many runs are done, to do, failed or damaged, and why.")
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    ResultsFolder results = folder.open();
    Plan plan = FolderArgument.plan(results);
    List<Standing> standings = Execution.standings(plan, results);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(Json.pretty(tree(plan, standings)));
      return ExitCode.OK;
    }
    out.println(plan.experiment().name() + ": " + standings.size() + " runs");
    counts(standings)
        .forEach((state, count) -> out.println(Numbers.text("  %6d %s", count, state)));
    for (Standing s : standings) {
      if (!s.reason().isEmpty()) {
        out.println("run " + s.run().id() + " " + word(s.state()) + ": " + s.reason());
      }
    }
    return ExitCode.OK;
  }

  private static Map<String, Long> counts(List<Standing> standings) {
    Map<String, Long> out = new LinkedHashMap<>();
    for (Standing.State state : Standing.State.values()) {
      long count = standings.stream().filter(s -> s.state() == state).count();
      if (count > 0) {
        out.put(word(state), count);
      }
    }
    return out;
  }

  private static Map<String, Object> tree(Plan plan, List<Standing> standings) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("experiment", plan.experiment().name());
    out.put("runs", standings.size());
    out.put("states", counts(standings));
    List<Object> troubles = new ArrayList<>();
    for (Standing s : standings) {
      if (!s.reason().isEmpty()) {
        troubles.add(Map.of("run", s.run().id(), "state", word(s.state()), "reason", s.reason()));
      }
    }
    out.put("troubles", troubles);
    return out;
  }

  static String word(Standing.State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
