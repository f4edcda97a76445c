package dev.emergence.page;

import dev.emergence.plan.Plan;
import dev.emergence.plan.SpecTree;
import dev.emergence.result.Damaged;
import dev.emergence.result.ResultsFolder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What the page shows of a single run: its settings, what computed it, and the end of its log. */
public final class Details {
  private final ResultsFolder results;
  private final Provenances provenances;
  private final Map<String, Object> base;

  public Details(Plan plan, ResultsFolder results, Provenances provenances) {
    this.results = results;
    this.provenances = provenances;
    this.base = Snapshot.flat(SpecTree.of(plan.experiment().base()));
  }

  /**
   * The data of a run's page: {@code {id, settings: {path: value}, provenance, log}}. The settings
   * are those in which the run differs from the experiment's base, and its seed.
   *
   * @param run the run, finished or not
   * @param logBytes how many bytes of the end of the log are shown at most
   */
  public Map<String, Object> of(RunView run, int logBytes) {
    Map<String, Object> settings = new LinkedHashMap<>();
    Snapshot.flat(SpecTree.of(run.run().run().config()))
        .forEach(
            (path, value) -> {
              if (!Objects.equals(value, base.get(path))) {
                settings.put(path, value);
              }
            });
    settings.put("seed", run.run().run().seed());
    return Trees.of(
        "id", run.key(),
        "settings", settings,
        "provenance", provenance(run),
        "log", results.run(run.run().id()).logTail(logBytes));
  }

  private Map<String, Object> provenance(RunView run) {
    try {
      return run.stored().isPresent() ? provenances.of(run.run().id()) : Map.of();
    } catch (Damaged e) {
      return Map.of("unreadable", e.getMessage());
    }
  }
}
