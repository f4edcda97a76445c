package dev.emergence.page;

import dev.emergence.plan.Plan;
import dev.emergence.plan.SpecTree;
import dev.emergence.result.Damaged;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What the page shows of a single run: its settings, what computed it, and the end of its log. */
public final class Details {
  private Details() {}

  /**
   * The data of a run's page: {@code {id, settings: {path: value}, provenance, log}}. The settings
   * are those in which the run differs from the experiment's base, and its seed.
   *
   * @param run the run, finished or not
   * @param logBytes how many bytes of the end of the log are shown at most
   */
  public static Map<String, Object> of(
      Plan plan, ResultsFolder results, RunView run, int logBytes) {
    Map<String, Object> base = Snapshot.flat(SpecTree.of(plan.experiment().base()));
    Map<String, Object> settings = new LinkedHashMap<>();
    Snapshot.flat(SpecTree.of(run.run().run().config()))
        .forEach(
            (path, value) -> {
              if (!Objects.equals(value, base.get(path))) {
                settings.put(path, value);
              }
            });
    settings.put("seed", run.run().run().seed());
    RunFolder folder = results.run(run.run().id());
    return Trees.of(
        "id", run.key(),
        "settings", settings,
        "provenance", provenance(folder, run),
        "log", folder.logTail(logBytes));
  }

  private static Map<String, Object> provenance(RunFolder folder, RunView run) {
    try {
      return run.stored().isPresent() ? folder.provenance() : Map.of();
    } catch (Damaged e) {
      return Map.of("unreadable", e.getMessage());
    }
  }
}
