package dev.emergence.watch;

import dev.emergence.analysis.Analysis;
import dev.emergence.page.CurveData;
import dev.emergence.page.Details;
import dev.emergence.page.Document;
import dev.emergence.page.FilmData;
import dev.emergence.page.FolderReader;
import dev.emergence.page.RunView;
import dev.emergence.page.Snapshot;
import dev.emergence.plan.Plan;
import dev.emergence.result.Damaged;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One results folder under watch. {@link #look} reads it; everything else answers from what was
 * read last. A worker's folder is only ever read.
 *
 * <p>{@link #look} is for one thread; the answers are for any.
 */
final class Watched {
  private static final int LOG_BYTES = 64 << 10;

  /** Fits are made again at most every so many times their own duration. */
  private static final int REST = 10;

  private final Plan plan;
  private final ResultsFolder results;
  private final FolderReader reader;
  private volatile List<RunView> runs = List.of();
  private volatile Map<String, Object> snapshot = Map.of();
  private Optional<Analysis> analysis = Optional.empty();
  private Map<String, String> analysed = Map.of();
  private long restUntil = System.nanoTime();
  private long seq;

  Watched(Plan plan, ResultsFolder results) {
    this.plan = plan;
    this.results = results;
    this.reader = new FolderReader(plan, results);
  }

  /** The experiment's name. */
  String name() {
    return plan.experiment().name();
  }

  /**
   * Reads the folder.
   *
   * @return what changed since the last look, as a patch of the snapshot; empty when nothing did
   */
  Map<String, Object> look() {
    List<RunView> now = reader.read();
    // The first answer comes at once; laws follow with the next look.
    if (!snapshot.isEmpty()) {
      analyse(now);
    }
    Set<String> pictured =
        now.stream()
            .map(run -> run.run().id())
            .filter(id -> results.run(id).hasPictures())
            .collect(Collectors.toSet());
    String asOf = Instant.now().toString();
    Map<String, Object> next =
        new Snapshot(plan, now, analysis).tree(pictured, true, seq + 1, asOf);
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
    if (analysis.isPresent() && (stamps.equals(analysed) || System.nanoTime() < restUntil)) {
      return;
    }
    long began = System.nanoTime();
    analysis = Optional.of(Analysis.of(plan, stored));
    analysed = stamps;
    restUntil = System.nanoTime() + REST * (System.nanoTime() - began);
  }

  Map<String, Object> snapshot() {
    return snapshot;
  }

  String page() {
    return new Document(name()).html(true);
  }

  Map<String, Object> curves(String metric, Predicate<String> wanted, int points) {
    return CurveData.of(runs, metric, wanted, points);
  }

  /** A run of the plan; an id that is none is nobody's. */
  Optional<RunView> run(String id) {
    return runs.stream().filter(run -> run.run().id().equals(id)).findFirst();
  }

  Map<String, Object> details(RunView run) {
    return Details.of(plan, results, run, LOG_BYTES);
  }

  Map<String, Object> film(RunView run) {
    String id = run.run().id();
    List<Picture> pictures = List.of();
    try {
      pictures = results.run(id).pictures();
    } catch (Damaged e) {
      pictures = List.of();
    }
    return FilmData.of(id, pictures.isEmpty() ? results.run(id).picturesSoFar() : pictures);
  }
}
