package dev.emergence.page;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RowsReader;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads a results folder again and again while others work in it. Opens files for reading only and
 * takes no claim. A run that has ended is read once; of an unfinished one only what was appended.
 *
 * <p>Not thread-safe.
 */
public final class FolderReader {
  private static final Curve NOTHING = new Curve(List.of(), new double[0], new double[0][]);

  private final Plan plan;
  private final ResultsFolder results;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** What was read of a run, and when that must be read again. */
  private static final class Seen {
    String stamp = "never";
    Optional<StoredRun> stored = Optional.empty();
    Optional<String> damage = Optional.empty();
    Optional<Standing> ended = Optional.empty();
    Optional<RowsReader> rows = Optional.empty();
    String said = "";
    long version;
  }

  public FolderReader(Plan plan, ResultsFolder results) {
    this.plan = plan;
    this.results = results;
  }

  /** Every run of the plan as it stands, in the plan's order. */
  public List<RunView> read() {
    return plan.runs().parallelStream().map(this::read).toList();
  }

  private RunView read(PlannedRun run) {
    Seen s = seen.computeIfAbsent(run.id(), id -> new Seen());
    RunFolder folder = results.run(run.id());
    String stamp = folder.stamp();
    if (!stamp.equals(s.stamp)) {
      load(run, s);
      s.stamp = stamp;
    }
    Standing standing = s.ended.filter(Standing::isSettled).orElseGet(() -> standing(run, s));
    Curve curve = s.stored.map(StoredRun::curve).orElse(NOTHING);
    boolean unfinished =
        standing.state() == Standing.State.RUNNING
            || standing.state() == Standing.State.INTERRUPTED;
    if (unfinished) {
      if (s.rows.isEmpty()) {
        s.rows = Optional.of(folder.rows());
      }
      curve = s.rows.get().read().filter(c -> c.size() > 0).orElse(curve);
      standing = at(standing, curve);
    } else {
      s.rows = Optional.empty();
    }
    String says = standing.state() + " " + standing.step() + " " + curve.size() + " " + stamp;
    if (!says.equals(s.said)) {
      s.said = says;
      s.version++;
    }
    return new RunView(run, standing, s.stored, curve, s.version);
  }

  private void load(PlannedRun run, Seen s) {
    s.ended = Optional.empty();
    s.stored = Optional.empty();
    s.damage = Optional.empty();
    try {
      s.stored = results.load(run.id());
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

  private static Standing at(Standing s, Curve curve) {
    double step = curve.size() == 0 ? s.step() : curve.steps()[curve.size() - 1];
    return new Standing(s.run(), s.state(), Math.max(step, s.step()), s.seconds(), s.reason());
  }
}
