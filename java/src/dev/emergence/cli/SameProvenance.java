package dev.emergence.cli;

import dev.emergence.execute.Execution;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.result.Damaged;
import dev.emergence.result.Provenance;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.Numeral;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code run --same-provenance}: finished runs of another build, processor or device are used
 * otherwise (the report says so); with it they stop the command before anything is computed.
 */
final class SameProvenance {
  private static final List<String> BUILD = List.of("version", "commit", "cpu");

  private SameProvenance() {}

  /**
   * @param plan whose finished runs are looked at
   * @throws Refusal naming each other origin with the number of its runs
   */
  static void require(Plan plan, Path folder) {
    if (!ResultsFolder.isAt(folder)) {
      return;
    }
    ResultsFolder results = ResultsFolder.read(folder);
    Map<String, Integer> origins = new LinkedHashMap<>();
    for (Standing standing : Execution.standings(plan, results)) {
      if (standing.state() == Standing.State.COMPLETE) {
        origins.merge(origin(results, standing.run().id()), 1, Integer::sum);
      }
    }
    boolean here = origins.keySet().stream().allMatch(o -> o.startsWith(here() + ", "));
    if (here && origins.size() <= 1) {
      return;
    }
    throw new Refusal(
        ExitCode.FOLDER_UNUSABLE,
        folder
            + " holds finished runs of "
            + origins.entrySet().stream()
                .map(e -> e.getKey() + " (" + e.getValue() + ")")
                .collect(Collectors.joining("; "))
            + "; this is "
            + here()
            + ". Leave --same-provenance out to use them, or name another folder with --out");
  }

  /**
   * Says which finished runs other plug-ins have computed. They are used all the same: an id tells
   * what a file says, and not what the code of a plug-in makes of it.
   */
  static void noteOtherPlugins(Plan plan, Path folder, PrintWriter err) {
    if (Provenance.plugins().isEmpty() || !ResultsFolder.isAt(folder)) {
      return;
    }
    ResultsFolder results = ResultsFolder.read(folder);
    Set<String> here = Set.of(Provenance.plugins().split(", "));
    Map<String, Integer> others = new TreeMap<>();
    for (Standing standing : Execution.standings(plan, results)) {
      if (standing.state() == Standing.State.COMPLETE) {
        String then = plugins(results, standing.run().id());
        if (!then.isEmpty() && !here.containsAll(Set.of(then.split(", ")))) {
          others.merge(then, 1, Integer::sum);
        }
      }
    }
    others.forEach(
        (then, runs) ->
            err.println(
                "warning: "
                    + Numeral.count(runs, "finished run")
                    + " of "
                    + folder
                    + " used the plug-in "
                    + then
                    + "; this is "
                    + Provenance.plugins()
                    + ". If its data differ, name another folder with --out"));
  }

  private static String plugins(ResultsFolder results, String run) {
    try {
      return String.valueOf(results.run(run).provenance().getOrDefault(Provenance.PLUGINS, ""));
    } catch (Damaged e) {
      return "";
    }
  }

  private static String origin(ResultsFolder results, String run) {
    try {
      Map<String, Object> written = results.run(run).provenance();
      return described(written) + ", " + written.get("device");
    } catch (Damaged e) {
      return "unknown origin";
    }
  }

  private static String here() {
    Map<String, Object> facts = new LinkedHashMap<>(Provenance.machine());
    facts.put("version", Provenance.version());
    facts.put("commit", Provenance.commit());
    facts.put(Provenance.PLUGINS, Provenance.plugins());
    return described(facts);
  }

  private static String described(Map<String, Object> facts) {
    String plugins = String.valueOf(facts.getOrDefault(Provenance.PLUGINS, ""));
    return BUILD.stream()
            .map(key -> String.valueOf(facts.getOrDefault(key, "unknown")))
            .collect(Collectors.joining(", "))
        + (plugins.isEmpty() ? "" : ", " + plugins);
  }
}
