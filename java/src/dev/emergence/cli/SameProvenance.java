package dev.emergence.cli;

import dev.emergence.execute.Execution;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.result.Damaged;
import dev.emergence.result.Provenance;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    return described(facts);
  }

  private static String described(Map<String, Object> facts) {
    return BUILD.stream()
        .map(key -> String.valueOf(facts.getOrDefault(key, "unknown")))
        .collect(Collectors.joining(", "));
  }
}
