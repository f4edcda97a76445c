package dev.emergence.execute.process;

import dev.emergence.execute.run.Agenda;
import dev.emergence.execute.run.Chances;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.PlannedRuns;
import dev.emergence.plan.SpecTree;
import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.ExecutionSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker process is told, as one line of JSON: where results lie, what computes, and the
 * runs that are open, as they were planned by the process that starts it.
 *
 * @param versions what was stored of each run when the work began, by {@link Agenda#versions}
 */
record Orders(
    Path folder,
    String device,
    int threads,
    Chances chances,
    ExecutionSpec execution,
    List<PlannedRun> runs,
    Map<String, String> versions) {

  /** Orders to work on some runs of a results folder. */
  static Orders of(
      ResultsFolder results,
      ExecutionSpec execution,
      List<PlannedRun> open,
      Launcher launcher,
      Chances chances) {
    return new Orders(
        results.root().toAbsolutePath(),
        launcher.device(),
        launcher.threads(),
        chances,
        execution,
        open,
        Agenda.versions(open, results));
  }

  /** As one line. */
  String line() {
    Map<String, Object> orders = new LinkedHashMap<>();
    orders.put("folder", folder.toString());
    orders.put("device", device);
    orders.put("threads", threads);
    orders.put("chances", chances.name());
    orders.put("execution", SpecTree.of(execution));
    orders.put("versions", versions);
    orders.put("planned", PlannedRuns.tree(runs));
    return Json.line(orders);
  }

  /**
   * The orders of a line.
   *
   * @throws Damaged when it is none
   */
  @SuppressWarnings("unchecked")
  static Orders read(String line) throws Damaged {
    Map<String, Object> orders = Json.read(line, "a worker's orders");
    return new Orders(
        Path.of((String) orders.get("folder")),
        (String) orders.get("device"),
        ((Number) orders.get("threads")).intValue(),
        Chances.valueOf((String) orders.get("chances")),
        SpecTree.read(ExecutionSpec.class, (Map<String, Object>) orders.get("execution")),
        PlannedRuns.read((Map<String, Object>) orders.get("planned")),
        (Map<String, String>) orders.get("versions"));
  }
}
