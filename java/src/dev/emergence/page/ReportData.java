package dev.emergence.page;

import dev.emergence.analysis.Analysis;
import dev.emergence.plan.Assignment;
import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.task.KnownLevels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts a results folder's data into one file, within a budget: curves with fewer points first, then
 * fewer films, never fewer runs. What was left out is said.
 */
public final class ReportData {
  private static final int FILMS_BUDGET = 1_800_000;
  private static final int LOG_BYTES = 4096;
  private static final int MOST_LOGS = 40;

  private final Analysis analysis;
  private final ResultsFolder results;
  private final Provenances provenances;
  private final KnownLevels levels;
  private final List<RunView> runs;
  private final List<String> said = new ArrayList<>();

  /**
   * @param analysis whose finished runs are shown as it has them
   * @param levels those that figures of the same runs have asked for already
   */
  public ReportData(
      Analysis analysis, ResultsFolder results, Provenances provenances, KnownLevels levels) {
    this.levels = levels;
    this.analysis = analysis;
    this.results = results;
    this.provenances = provenances;
    this.runs = FolderReader.of(analysis, results).read();
  }

  /**
   * Puts the data into a document.
   *
   * @return what was thinned or left out, a sentence each
   */
  public List<String> into(Document document) {
    Map<String, RunView> pictured =
        runs.stream().filter(RunView::pictured).collect(Collectors.toMap(RunView::key, run -> run));
    Map<String, Object> snapshot =
        new Snapshot(analysis.plan(), levels).tree(runs, Optional.of(analysis), false, 0, "");
    document.packed("snapshot", snapshot);
    List<String> metrics =
        ((List<?>) snapshot.get("metrics")).stream().map(String.class::cast).toList();
    CurveParts curves = CurveParts.of(runs, metrics);
    curves.parts().forEach((metric, data) -> document.with("curves-" + metric, data));
    said.addAll(curves.said());
    films(document, pictured);
    document.packed("details", details());
    return List.copyOf(said);
  }

  /** The first seeds of all conditions, then the next ones, until the budget is spent. */
  private void films(Document document, Map<String, RunView> pictured) {
    Set<String> ids = new LinkedHashSet<>();
    analysis.plan().assignments().stream()
        .sorted(java.util.Comparator.comparingInt(Assignment::seed))
        .map(Assignment::run)
        .filter(pictured::containsKey)
        .forEach(ids::add);
    int spent = 0;
    int left = 0;
    for (String id : ids) {
      Map<String, Object> film = FilmData.of(pictured.get(id), pictures(id));
      int size = Json.line(film).length();
      if (spent + size > FILMS_BUDGET) {
        left++;
        continue;
      }
      spent += size;
      document.with("film-" + id, film);
    }
    if (left > 0) {
      said.add("Attention of " + left + " of " + ids.size() + " runs is left out here");
    }
  }

  private List<Picture> pictures(String id) {
    try {
      List<Picture> stored = results.run(id).pictures();
      return stored.isEmpty() ? results.run(id).picturesSoFar() : stored;
    } catch (Damaged e) {
      return List.of();
    }
  }

  private Map<String, Object> details() {
    Map<String, Object> out = new LinkedHashMap<>();
    Details details = new Details(analysis.plan(), results, provenances);
    List<Object> origins = new ArrayList<>();
    int logs = 0;
    for (RunView run : runs) {
      boolean well = run.word().equals("complete");
      boolean log = !well && logs++ < MOST_LOGS;
      Map<String, Object> one = details.of(run, log ? LOG_BYTES : 0);
      Map<String, Object> origin = new LinkedHashMap<>((Map<String, Object>) origin(one));
      // When it ran tells runs apart, not ways of computing.
      origin.keySet().removeAll(List.of("started", "ended"));
      if (!origins.contains(origin)) {
        origins.add(origin);
      }
      one.put("provenance", origins.indexOf(origin));
      one.remove("id");
      if (!log) {
        one.remove("log");
      }
      out.put(run.key(), one);
    }
    return Trees.of("runs", out, "provenances", origins);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> origin(Map<String, Object> details) {
    return (Map<String, Object>) details.get("provenance");
  }
}
