package dev.emergence.page;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Observation;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.result.RunProgress;
import dev.emergence.result.StoredRun;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Reads a results folder again and again while others work in it. Opens files for reading only and
 * takes no claim. A run that has ended is read once and looked at now and then; of an unfinished
 * one only what was appended is read; of one that has not begun nothing but its folder's listing.
 *
 * <p>Not thread-safe.
 */
public final class FolderReader {
  private static final Curve NOTHING = new Curve(List.of(), new double[0], new double[0][]);

  /** Settled runs are looked at in every so many rounds. */
  private static final int ROUNDS = 8;

  private final String prefix;
  private final Plan plan;
  private final ResultsFolder results;
  private final Map<String, List<Assignment>> places;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** Runs that others have read already, until they are looked at for the first time. */
  private final Map<String, StoredRun> known = new ConcurrentHashMap<>();

  private int round;

  /** What was read of a run, and when that must be read again. */
  private static final class Seen {
    String stamp = "never";
    Optional<StoredRun> stored = Optional.empty();
    Optional<String> damage = Optional.empty();
    Optional<Standing> ended = Optional.empty();
    Optional<RunProgress> progress = Optional.empty();
    Optional<RunView> view = Optional.empty();
    String said = "";
    long version;
  }

  /**
   * @param prefix of the runs' names on the page; empty where one folder is shown
   */
  public FolderReader(Plan plan, ResultsFolder results, String prefix) {
    this.prefix = prefix;
    this.plan = plan;
    this.results = results;
    this.places = plan.assignments().stream().collect(Collectors.groupingBy(Assignment::run));
  }

  /** A reader that takes finished runs from an analysis and reads what that lacks. */
  static FolderReader of(Analysis analysis, ResultsFolder results) {
    FolderReader reader = new FolderReader(analysis.plan(), results, "");
    reader.known.putAll(analysis.stored());
    return reader;
  }

  /** Every run of the plan as it stands, in the plan's order. */
  public List<RunView> read() {
    Set<String> begun = results.begun();
    round++;
    return plan.runs().parallelStream().map(run -> read(run, begun)).toList();
  }

  private RunView read(PlannedRun run, Set<String> begun) {
    Seen s = seen.computeIfAbsent(run.id(), id -> new Seen());
    boolean rests =
        begun.contains(run.id())
            ? s.ended.filter(Standing::isSettled).isPresent()
                && (run.id().hashCode() + round) % ROUNDS != 0
            : s.view.filter(v -> v.standing().state() == Standing.State.TO_DO).isPresent();
    if (!rests || s.view.isEmpty()) {
      s.view = Optional.of(look(run, s));
    }
    return s.view.get();
  }

  private RunView look(PlannedRun run, Seen s) {
    RunFolder folder = results.run(run.id());
    // A folder of work begun makes a run to continue an interrupted one.
    String stamp = folder.stamp() + " " + Files.exists(folder.partial());
    if (!stamp.equals(s.stamp)) {
      load(run, s);
      s.stamp = stamp;
    }
    Standing standing = s.ended.filter(Standing::isSettled).orElseGet(() -> standing(run, s));
    Curve curve = s.stored.map(StoredRun::curve).orElse(NOTHING);
    long written = 0;
    boolean unfinished =
        standing.state() == Standing.State.RUNNING
            || standing.state() == Standing.State.INTERRUPTED;
    if (unfinished) {
      if (s.progress.isEmpty()) {
        s.progress = Optional.of(folder.follow());
      }
      curve = s.progress.get().read().filter(c -> c.size() > 0).orElse(curve);
      written = s.progress.get().written();
      standing = at(standing, Math.max(standing.step(), last(curve)));
    } else {
      s.progress = Optional.empty();
    }
    Set<Double> ends = ends(run, curve);
    double last = ends.stream().mapToDouble(end -> end).max().orElse(Double.POSITIVE_INFINITY);
    curve = curve.until(last);
    standing = standing.step() > last ? at(standing, last(curve)) : standing;
    boolean pictured = folder.hasPictures();
    String says =
        String.join(
            " ",
            standing.state().name(),
            standing.step() + " " + curve.size() + " " + written + " " + pictured,
            stamp);
    if (!says.equals(s.said)) {
      s.said = says;
      s.version++;
    }
    return new RunView(
        prefix + run.id(), run, standing, s.stored, curve, ends, pictured, written, s.version);
  }

  private void load(PlannedRun run, Seen s) {
    s.ended = Optional.empty();
    s.stored = Optional.empty();
    s.damage = Optional.empty();
    try {
      StoredRun read = known.remove(run.id());
      s.stored = read == null ? results.load(run.id()) : Optional.of(read);
      if (s.stored.isPresent()) {
        s.ended = Optional.of(standing(run, s.stored));
      }
    } catch (Damaged e) {
      s.damage = Optional.of(e.getMessage());
    }
  }

  private Standing standing(PlannedRun run, Seen s) {
    if (Claims.seemsTaken(results, run.id())) {
      return new Standing(run, Standing.State.RUNNING, 0, 0, "");
    }
    return s.damage
        .map(damage -> new Standing(run, Standing.State.DAMAGED, 0, 0, damage))
        .or(() -> s.ended)
        .orElseGet(() -> standing(run, s.stored));
  }

  private Standing standing(PlannedRun run, Optional<StoredRun> stored) {
    return Standing.of(run, results, stored, plan.experiment().execution());
  }

  /** Where the conditions of this plan end: other plans may have trained the run longer. */
  private Set<Double> ends(PlannedRun run, Curve curve) {
    return places.getOrDefault(run.id(), List.of()).stream()
        .map(a -> Observation.unfinished(a, curve).end())
        .collect(Collectors.toSet());
  }

  private static Standing at(Standing s, double step) {
    return new Standing(s.run(), s.state(), step, s.seconds(), s.reason(), s.end());
  }

  private static double last(Curve curve) {
    return curve.size() == 0 ? 0 : curve.steps()[curve.size() - 1];
  }
}
