package dev.emergence.analysis;

import dev.emergence.measure.Ending;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.RunId;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * Everything that is computed from the stored runs of an experiment: conditions, fits and claims.
 * Immutable.
 */
@API(status = API.Status.MAINTAINED)
public final class Analysis {
  private final Plan plan;
  private final Optional<ResultsFolder> folder;
  private final Map<String, StoredRun> stored;
  private final Symbols symbols;
  private final Map<String, List<Cell>> cells = new LinkedHashMap<>();
  private final Map<String, Selection> selections = new LinkedHashMap<>();
  private final Map<String, FitReport> fits = new LinkedHashMap<>();
  private final Map<String, ClaimReport> claims = new LinkedHashMap<>();

  private Analysis(Plan plan, Map<String, StoredRun> runs, Optional<ResultsFolder> folder) {
    this.plan = plan;
    this.folder = folder;
    this.stored = Map.copyOf(runs);
    this.symbols =
        Symbols.of(Keys.kindOf((Record) experiment().base().task()), experiment().symbols());
    for (SweepSpec sweep : experiment().sweeps().values()) {
      List<Cell> all = grouped(plan.assignments(sweep.name()), runs);
      cells.put(sweep.name(), all);
      selections.put(sweep.name(), Selection.of(sweep, all));
    }
    experiment().fits().forEach((name, spec) -> fits.put(name, new LawFitter(this, spec).report()));
    experiment().claims().forEach((name, spec) -> claims.put(name, ClaimJudges.report(this, spec)));
  }

  /**
   * Computes conditions, fits and claims.
   *
   * @param plan the runs of the experiment
   * @param runs finished runs by id; runs that are not there count as missing
   */
  public static Analysis of(Plan plan, Map<String, StoredRun> runs) {
    return new Analysis(plan, runs, Optional.empty());
  }

  /**
   * As {@link #of(Plan, Map)}, with claims about what studies have found.
   *
   * @param folder has the studies
   */
  @API(status = API.Status.INTERNAL)
  public static Analysis of(Plan plan, Map<String, StoredRun> runs, ResultsFolder folder) {
    return new Analysis(plan, runs, Optional.of(folder));
  }

  private static List<Cell> grouped(List<Assignment> assignments, Map<String, StoredRun> runs) {
    Map<Integer, List<Observation>> byIndex = new TreeMap<>();
    for (Assignment a : assignments) {
      byIndex
          .computeIfAbsent(a.index(), i -> new ArrayList<>())
          .add(Observation.of(a, Optional.ofNullable(runs.get(a.run()))));
    }
    List<Cell> cells = new ArrayList<>();
    byIndex.forEach(
        (index, seeds) -> cells.add(new Cell(seeds.get(0).assignment().condition(), index, seeds)));
    return cells;
  }

  /** The experiment with all its sweeps. */
  public ExperimentSpec experiment() {
    return plan.experiment();
  }

  /** The plan: all runs of the experiment. */
  public Plan plan() {
    return plan;
  }

  /**
   * The finished runs that this was computed from, by id: for those who show the same runs, so that
   * they need not be read again.
   */
  @API(status = API.Status.INTERNAL)
  public Map<String, StoredRun> stored() {
    return stored;
  }

  /** What a study of the experiment has found. */
  StudyTable study(String name) {
    return folder
        .map(studied -> StudyTables.of(name, this, studied))
        .orElseGet(() -> StudyTables.none(name, plan));
  }

  /** The names that formulas and axes may use. */
  public Symbols symbols() {
    return symbols;
  }

  /**
   * All conditions of a sweep, with those that {@code select} left out.
   *
   * @throws IllegalArgumentException when there is no such sweep; the message lists the known names
   */
  public List<Cell> cells(String sweep) {
    return of(sweep, cells);
  }

  private static <T> T of(String sweep, Map<String, T> sweeps) {
    T found = sweeps.get(sweep);
    if (found == null) {
      throw new IllegalArgumentException(
          "no sweep '" + sweep + "'; known: " + String.join(", ", sweeps.keySet()));
    }
    return found;
  }

  /**
   * The conditions that a fit or a plot uses: those of some sweeps, after {@code select}, reduced
   * to some values. If several sweeps share a condition with the same thresholds and the same end,
   * it is returned once, with the seeds of all.
   *
   * @param sweeps names of sweeps
   * @param where values that must be equal, by symbol or path; {@code seed} and {@code variant} may
   *     be used too
   * @throws IllegalArgumentException when a sweep, symbol or path does not exist
   */
  public List<Cell> cells(List<String> sweeps, Map<String, Object> where) {
    Where filter = new Where(where, symbols);
    List<Cell> out = new ArrayList<>();
    for (String sweep : sweeps) {
      for (Cell cell : of(sweep, selections).kept()) {
        List<Observation> seeds =
            cell.seeds().stream().filter(o -> filter.matches(o.seed())).toList();
        if (filter.matches(cell.condition()) && !seeds.isEmpty()) {
          out.add(new Cell(cell.condition(), cell.index(), seeds));
        }
      }
    }
    return DistinctCells.of(out, this::identity);
  }

  /**
   * How many runs are missing among which {@code select} chooses, beside those of the conditions
   * that it leaves: with them the choice may be another one.
   *
   * @param wheres as {@link #cells(List, Map)}, each for some of the conditions
   */
  int missingRivals(List<String> sweeps, List<Map<String, Object>> wheres) {
    Set<String> missing = new HashSet<>();
    for (Map<String, Object> where : wheres) {
      for (String sweep : sweeps) {
        missing.addAll(of(sweep, selections).missing(new Where(others(sweep, where), symbols)));
      }
    }
    if (missing.isEmpty()) {
      return 0; // Conditions need not be looked through.
    }
    wheres.stream()
        .flatMap(where -> cells(sweeps, where).stream())
        .flatMap(cell -> cell.seeds().stream())
        .forEach(run -> missing.remove(run.assignment().run()));
    return missing.size();
  }

  /** Without what it says of the axes along which is chosen. */
  private Map<String, Object> others(String sweep, Map<String, Object> where) {
    Set<String> chosen = experiment().sweeps().get(sweep).chosen();
    Map<String, Object> out = new LinkedHashMap<>(where);
    out.keySet().removeIf(name -> chosen.contains(symbols.path(name).orElse(name)));
    return out;
  }

  /**
   * The conditions that a law is fitted to: {@link #cells(List, Map)} with each run in one of them
   * alone, seen as far as any of its sweeps goes.
   */
  public List<Cell> cells(FitSpec fit) {
    return new LawFitter(this, fit).cells();
  }

  /** What makes two conditions the same for a reader of curves: how seeds differ, too. */
  private Object identity(Cell cell) {
    var config = cell.condition().config();
    return List.of(
        RunId.of(config, 0),
        config.measurement().thresholds(),
        Ending.limit(config),
        config.measurement().stop(),
        seeds(cell).map(s -> List.of(s.paired(), s.vary(), s.vary().isEmpty() ? 0 : s.first())));
  }

  private Optional<SeedsSpec> seeds(Cell cell) {
    return experiment().sweeps().get(cell.condition().sweep()).seeds().or(experiment()::seeds);
  }

  /** All fits by name, in the order of the file. */
  public Map<String, FitReport> fits() {
    return Collections.unmodifiableMap(fits);
  }

  /** All claims by name, in the order of the file. */
  public Map<String, ClaimReport> claims() {
    return Collections.unmodifiableMap(claims);
  }

  /**
   * Notes for a reader, one sentence each: what {@code select} chose, which thresholds the runs did
   * not wait for, what has no number, which thresholds are a multiple of 0, and which are passed
   * for a moment only.
   */
  public List<String> notes() {
    List<String> out = new ArrayList<>(choices(selections.keySet()));
    out.addAll(stopped());
    out.addAll(Unmeasured.notes(runs()));
    out.addAll(ZeroLevels.notes(runs()));
    out.addAll(BriefCrossings.notes(runs()));
    return Collections.unmodifiableList(out);
  }

  /** What {@code select} did in these sweeps, and where its choice is an end of its axis. */
  public List<String> choices(Collection<String> sweeps) {
    return sweeps.stream()
        .filter(selections::containsKey)
        .flatMap(sweep -> selections.get(sweep).notes().stream())
        .toList();
  }

  private List<String> stopped() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Observation run : runs()) {
      for (String threshold : run.thresholds().keySet()) {
        if (run.state(threshold) == State.STOPPED) {
          counts.merge(threshold, 1L, Long::sum);
        }
      }
    }
    List<String> out = new ArrayList<>();
    counts.forEach(
        (threshold, count) ->
            out.add(
                threshold
                    + " was not looked for to the end: "
                    + Numeral.count(count, "run")
                    + " ended before it, as measurement.stop says; `--set measurement.stop.when="
                    + threshold
                    + "` goes on with them"));
    return out;
  }

  /**
   * Every run of the experiment once. If conditions share a run, it is seen by the condition with
   * the latest end.
   */
  public List<Observation> runs() {
    Map<String, Observation> once = new LinkedHashMap<>();
    for (List<Cell> sweep : cells.values()) {
      for (Cell cell : sweep) {
        for (Observation o : cell.seeds()) {
          once.merge(o.assignment().run(), o, (a, b) -> b.end() > a.end() ? b : a);
        }
      }
    }
    return List.copyOf(once.values());
  }

  /** Whether every expectation is met and every claim holds. */
  public boolean holds() {
    return fits.values().stream().allMatch(FitReport::holds)
        && claims.values().stream().allMatch(ClaimReport::holds);
  }
}
