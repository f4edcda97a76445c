package dev.emergence.cli;

import dev.emergence.execute.Execution;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Cost;
import dev.emergence.plan.Plan;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.Numeral;
import dev.emergence.study.StudyStanding;
import java.io.PrintWriter;
import java.time.Duration;
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
    description = "Shows how many runs are done, to do, failed or damaged, and why.")
final class StatusCommand implements Callable<Integer> {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(
      names = "--watch",
      description = "Repeats this every few seconds until nothing is left to do.")
  private boolean watch;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "With --watch: time between two repetitions; default ${DEFAULT-VALUE}.")
  private String every = "5s";

  @Override
  public Integer call() {
    Refusal.ofAlone("--watch", watch, spec, "--every");
    Duration pause = Numbers.duration(every, "--every");
    if (pause.compareTo(SHORTEST) < 0) {
      throw new Refusal(ExitCode.USAGE, "--every must be at least 100ms, got '" + every + "'");
    }
    ResultsFolder results = folder.open();
    Plan plan = FolderArgument.plan(results);
    PrintWriter out = spec.commandLine().getOut();
    String before = "";
    while (true) {
      List<Standing> standings = Execution.standings(plan, results);
      List<StudyStanding> studies = StudyStanding.of(plan, results);
      String now =
          json
              ? Json.pretty(tree(plan, standings, studies, results))
              : text(plan, standings, studies, results);
      out.print(now.equals(before) ? "" : now);
      out.flush();
      before = now;
      if (!watch || !isOpen(standings, studies) || out.checkError()) {
        return ExitCode.OK;
      }
      sleep(pause);
      folder.requireStill();
    }
  }

  private static boolean isOpen(List<Standing> standings, List<StudyStanding> studies) {
    return standings.stream().anyMatch(s -> !s.isSettled() && s.state() != Standing.State.FAILED)
        || studies.stream().anyMatch(s -> s.open() > 0);
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(ExitCode.OK, "");
    }
  }

  private static String text(
      Plan plan, List<Standing> standings, List<StudyStanding> studies, ResultsFolder results) {
    String options = results.options();
    StringBuilder out =
        new StringBuilder(
            plan.experiment().name() + ": " + Numeral.count(standings.size(), "run") + "\n");
    out.append(options.isEmpty() ? "" : "  made with " + options + "\n");
    counts(standings)
        .forEach((state, count) -> out.append(Numbers.text("  %6d %s%n", count, state)));
    for (Standing s : standings) {
      if (!s.reason().isEmpty()) {
        out.append("run " + s.run().id() + " " + word(s.state()) + ": " + s.reason() + "\n");
      }
    }
    StoredWeights weights = StoredWeights.of(plan, results);
    if (weights.count() > 0) {
      out.append(weights.text()).append('\n');
    }
    StudyLines.standings(studies).forEach(line -> out.append(line).append('\n'));
    double left = secondsLeft(standings);
    return left > 0 && left < Double.POSITIVE_INFINITY
        ? out.append(ProgressLine.left(left) + " at the rate so far\n").toString()
        : out.toString();
  }

  /**
   * What is left, at the rate of the runs that are complete, by as many as are working; NaN when
   * that cannot be said.
   */
  private static double secondsLeft(List<Standing> standings) {
    double operations = 0;
    double seconds = 0;
    double left = 0;
    long working = 0;
    for (Standing s : standings) {
      Cost cost = s.run().cost();
      double perStep = cost.expected() / Math.max(1, cost.expectedSteps());
      operations += s.isSettled() ? s.step() * perStep : 0;
      seconds += s.isSettled() ? s.seconds() : 0;
      left +=
          s.isSettled() ? 0 : Math.max(0, s.expectedEnd(cost.expectedSteps()) - s.step()) * perStep;
      working += s.state() == Standing.State.RUNNING ? 1 : 0;
    }
    return left / (operations / seconds) / working;
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

  private static Map<String, Object> tree(
      Plan plan, List<Standing> standings, List<StudyStanding> studies, ResultsFolder results) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("experiment", plan.experiment().name());
    out.put("options", results.options());
    out.put("runs", standings.size());
    out.put("states", counts(standings));
    StoredWeights weights = StoredWeights.of(plan, results);
    out.put("checkpoints", weights.count());
    out.put("damaged_checkpoints", weights.damaged());
    out.put("studies", StudyLines.tree(studies));
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
