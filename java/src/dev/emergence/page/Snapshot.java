package dev.emergence.page;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Observation;
import dev.emergence.execute.run.Standing;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.result.Outcome;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.expr.Symbols;
import dev.emergence.task.KnownLevels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All of a results folder but its curves and films, as one JSON object: the same for a live page
 * and for a report, but for {@code live}, {@code seq} and {@code as_of}. What follows from the plan
 * is made once; a run is described again only when it has changed.
 *
 * <p>Not thread-safe.
 */
public final class Snapshot {
  private static final int SCHEMA = 1;

  private final Plan plan;
  private final KnownLevels known;
  private final AnalysisData analysed;
  private final Map<String, List<Assignment>> places = new LinkedHashMap<>();
  private final Map<String, Described> described = new HashMap<>();
  private final Map<String, Object> experiment;
  private final List<Object> thresholds;
  private final List<Object> levels;
  private Optional<List<Object>> lines = Optional.empty();

  /** A run's record, and the version that it describes. */
  private record Described(long version, Map<String, Object> record) {}

  public Snapshot(Plan plan) {
    this(plan, new KnownLevels());
  }

  /**
   * @param known levels that figures of the same runs have asked for already
   */
  Snapshot(Plan plan, KnownLevels known) {
    this.plan = plan;
    this.known = known;
    ExperimentSpec e = plan.experiment();
    Symbols symbols = Symbols.of(Keys.kindOf((Record) e.base().task()), e.symbols());
    SettingData settings = new SettingData(plan);
    this.analysed = new AnalysisData(plan, symbols, settings);
    for (Assignment a : plan.assignments()) {
      places.computeIfAbsent(a.run(), id -> new ArrayList<>()).add(a);
    }
    boolean flow = e.base().training().optimizer() instanceof OptimizerSpec.GradientFlow;
    this.experiment =
        Trees.of(
            "name", e.name(),
            "question", e.description(),
            "x", flow ? "time" : "step",
            "symbols", SettingData.names(symbols),
            "base", settings.base());
    this.thresholds = ThresholdData.names(plan);
    this.levels = ThresholdData.levels(plan);
  }

  /**
   * The object.
   *
   * @param runs as they stand, in the plan's order
   * @param analysis of the stored runs; empty while it has not been made
   */
  public Map<String, Object> tree(
      List<RunView> runs, Optional<Analysis> analysis, boolean live, long seq, String asOf) {
    if (analysis.isPresent() && lines.isEmpty()) {
      lines = Optional.of(LevelData.of(plan, known));
    }
    AnalysisData.Told told = analysed.of(analysis);
    return Trees.of(
        "schema", SCHEMA,
        "seq", seq,
        "as_of", asOf,
        "live", live,
        "experiment", experiment,
        "sweeps", told.sweeps(),
        "metrics", metrics(runs),
        "thresholds", thresholds,
        "levels", levels,
        "lines", lines.orElse(List.of()),
        "runs", runs.stream().map(this::described).toList(),
        "laws", told.laws(),
        "claims", told.claims(),
        "notes", told.notes(),
        "analysed", analysis.isPresent(),
        "left", TimeLeft.of(runs));
  }

  /** Those of thresholds first, then in the order of the curves. */
  private List<Object> metrics(List<RunView> runs) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> measured = new LinkedHashSet<>();
    runs.forEach(run -> measured.addAll(run.curve().columns()));
    plan.assignments().stream()
        .map(a -> a.condition().config().measurement().thresholds())
        .distinct()
        .forEach(t -> t.values().forEach(threshold -> names.add(threshold.metric())));
    names.addAll(measured);
    return names.stream().map(name -> (Object) name).toList();
  }

  private Object described(RunView run) {
    Described known = described.get(run.key());
    if (known == null || known.version() != run.version()) {
      List<Object> where = new ArrayList<>();
      places.getOrDefault(run.run().id(), List.of()).forEach(a -> where.add(place(a, run)));
      known = new Described(run.version(), record(run, where));
      described.put(run.key(), known);
    }
    return known.record();
  }

  private static Map<String, Object> record(RunView run, List<Object> places) {
    return Trees.of(
        "id", run.key(),
        "places", places,
        "state", run.word(),
        "step", run.standing().step(),
        "target", run.run().cost().worstSteps(),
        "expected", run.run().cost().expectedSteps(),
        "seconds", run.standing().seconds(),
        "reason", run.standing().reason(),
        "rows", run.curve().size(),
        "written", run.written(),
        "version", run.version(),
        "film", run.pictured());
  }

  private static Map<String, Object> place(Assignment a, RunView run) {
    Observation stored = Observation.of(a, run.stored());
    Observation seen =
        stored.stored().isPresent() ? stored : Observation.unfinished(a, run.curve());
    Map<String, Object> emergence = new LinkedHashMap<>();
    for (String threshold : seen.thresholds().keySet()) {
      emergence.put(threshold, emergence(seen, threshold));
    }
    return Trees.of(
        "sweep", a.condition().sweep(),
        "condition", a.index(),
        "seed", a.seed(),
        "state", diverged(run) && isWhole(seen) ? "complete" : run.word(),
        "step", step(run, seen),
        "end", seen.end(),
        "emergence", emergence);
  }

  private static boolean diverged(RunView run) {
    return run.standing().state() == Standing.State.DIVERGED;
  }

  private static boolean isWhole(Observation seen) {
    return seen.ended().filter(Outcome.State.COMPLETE::equals).isPresent();
  }

  /**
   * How far the run has come for a condition: to the last row before its end, or not so far yet.
   */
  private static double step(RunView run, Observation seen) {
    int rows = seen.curve().size();
    boolean further = run.standing().step() > seen.end() && rows > 0;
    return further ? seen.curve().steps()[rows - 1] : run.standing().step();
  }

  /** A state, with the step and the one before it where the threshold was crossed. */
  private static Map<String, Object> emergence(Observation seen, String threshold) {
    if (seen.emergence(threshold) instanceof Emergence.Reached reached) {
      return Trees.of("state", "reached", "step", reached.step(), "lower", reached.lower());
    }
    String state = seen.stored().isEmpty() ? "pending" : seen.state(threshold).word();
    return Trees.of("state", state, "step", seen.lastStep());
  }

  /** Dotted paths to single values. */
  static Map<String, Object> flat(Map<String, Object> tree) {
    Map<String, Object> out = new LinkedHashMap<>();
    flatten("", tree, out);
    return out;
  }

  private static void flatten(String path, Object value, Map<String, Object> out) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((key, v) -> flatten(path.isEmpty() ? key.toString() : path + "." + key, v, out));
    } else {
      out.put(path, value);
    }
  }

  /**
   * What turns one snapshot into a later one: top-level entries that differ, and under {@code runs}
   * only the runs that differ.
   */
  public static Map<String, Object> patch(Map<String, Object> before, Map<String, Object> after) {
    Map<String, Object> out = new LinkedHashMap<>();
    after.forEach(
        (key, value) -> {
          if (!key.equals("runs") && !java.util.Objects.equals(value, before.get(key))) {
            out.put(key, value);
          }
        });
    List<?> old = (List<?>) before.get("runs");
    List<?> now = (List<?>) after.get("runs");
    List<Object> changed = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      if (!now.get(i).equals(old.get(i))) {
        changed.add(now.get(i));
      }
    }
    if (!changed.isEmpty()) {
      out.put("runs", changed);
    }
    return out;
  }
}
