package dev.emergence.watch;

import dev.emergence.analysis.Analysis;
import dev.emergence.page.Details;
import dev.emergence.page.FilmData;
import dev.emergence.page.FolderReader;
import dev.emergence.page.Provenances;
import dev.emergence.page.RunView;
import dev.emergence.page.Snapshot;
import dev.emergence.plan.Plan;
import dev.emergence.result.Damaged;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.HeadsClaim;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One results folder under watch. {@link #look} reads it; everything else answers from what was
 * read last. A worker's folder is only ever read.
 *
 * <p>{@link #look} is for one thread; the answers are for any.
 */
final class Watched implements Shown {
  private static final int LOG_BYTES = 64 << 10;

  /** Fits are made again at most every so many times their own duration. */
  private static final int REST = 10;

  private final Plan plan;
  private final ResultsFolder results;
  private final FolderReader reader;
  private final Snapshot shape;
  private volatile List<RunView> runs = List.of();
  private volatile Map<String, Object> snapshot = Map.of();
  private Optional<Analysis> analysis = Optional.empty();
  private Map<String, String> analysed = Map.of();
  private long restUntil = System.nanoTime();
  private long seq;

  /**
   * @param prefix of the runs' names on the page; empty where one folder is shown
   */
  Watched(Plan plan, ResultsFolder results, String prefix) {
    this.plan = plan;
    this.results = results;
    this.reader = new FolderReader(plan, results, prefix);
    this.shape = new Snapshot(plan);
  }

  @Override
  public String name() {
    return plan.experiment().name();
  }

  @Override
  public Map<String, Object> look() {
    List<RunView> now = reader.read();
    // The first answer comes at once; laws follow with the next look.
    if (!snapshot.isEmpty()) {
      analyse(now);
    }
    String asOf = Instant.now().toString();
    Map<String, Object> next = shape.tree(now, analysis, true, seq + 1, asOf);
    Map<String, Object> patch = Snapshot.patch(snapshot.isEmpty() ? next : snapshot, next);
    boolean first = snapshot.isEmpty();
    if (!first && patch.keySet().stream().allMatch(k -> k.equals("seq") || k.equals("as_of"))) {
      return Map.of();
    }
    seq++;
    runs = now;
    snapshot = next;
    return first ? Map.of() : patch;
  }

  private void analyse(List<RunView> now) {
    Map<String, StoredRun> stored = new LinkedHashMap<>();
    Map<String, String> stamps = new LinkedHashMap<>();
    for (RunView run : now) {
      run.stored().ifPresent(s -> stored.put(run.run().id(), s));
      run.stored().ifPresent(s -> stamps.put(run.run().id(), run.version() + ""));
    }
    boolean asBefore = stamps.equals(analysed) && !awaitsStudies();
    if (analysis.isPresent() && (asBefore || System.nanoTime() < restUntil)) {
      return;
    }
    long began = System.nanoTime();
    analysis = Optional.of(Analysis.of(plan, stored, results));
    analysed = stamps;
    restUntil = System.nanoTime() + REST * (System.nanoTime() - began);
  }

  /** Studies come after the last run; nothing of a run tells that they are done. */
  private boolean awaitsStudies() {
    return analysis.stream()
        .flatMap(known -> known.claims().values().stream())
        .anyMatch(claim -> claim.spec() instanceof HeadsClaim && claim.missing() > 0);
  }

  @Override
  public Map<String, Object> snapshot() {
    return snapshot;
  }

  @Override
  public List<RunView> runs() {
    return runs;
  }

  @Override
  public Optional<Map<String, Object>> details(String key) {
    // A run that was continued has another provenance than when it was last asked for.
    Details details = new Details(plan, results, new Provenances(results));
    return run(key).map(run -> details.of(run, LOG_BYTES));
  }

  @Override
  public Optional<Map<String, Object>> film(String key) {
    return run(key).map(run -> FilmData.of(run, pictures(run.run().id())));
  }

  private List<Picture> pictures(String id) {
    try {
      List<Picture> stored = results.run(id).pictures();
      return stored.isEmpty() ? results.run(id).picturesSoFar() : stored;
    } catch (Damaged e) {
      return results.run(id).picturesSoFar();
    }
  }
}
