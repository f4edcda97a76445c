package dev.emergence.execute.run;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.Damaged;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExecutionSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How all runs of a plan stand at one moment, and what is stored of them. Each stored run is read
 * once, however often one looks. Immutable; reads only.
 */
public final class Standings {
  private final ResultsFolder results;
  private final ExecutionSpec spec;
  private final Map<String, Look> looks;

  /** What was found of one run. */
  private record Look(Standing standing, Optional<StoredRun> stored) {}

  private Standings(ResultsFolder results, Plan plan, Function<PlannedRun, Look> look) {
    this.results = results;
    this.spec = plan.experiment().execution();
    this.looks = new LinkedHashMap<>();
    List<Look> found = plan.runs().parallelStream().map(look).toList();
    found.forEach(of -> looks.put(of.standing().run().id(), of));
  }

  private Standings(ResultsFolder results, ExecutionSpec spec, Map<String, Look> looks) {
    this.results = results;
    this.spec = spec;
    this.looks = looks;
  }

  /** Looks at every run of a plan. What is damaged is said, not thrown. */
  public static Standings of(Plan plan, ResultsFolder results) {
    ExecutionSpec spec = plan.experiment().execution();
    return new Standings(results, plan, run -> look(run, results, spec));
  }

  private static Look look(PlannedRun run, ResultsFolder results, ExecutionSpec spec) {
    try {
      return look(run, results, results.load(run.id()), spec);
    } catch (Damaged e) {
      Standing damaged = new Standing(run, Standing.State.DAMAGED, 0, 0, e.getMessage());
      return new Look(orRunning(damaged, results), Optional.empty());
    }
  }

  private static Look look(
      PlannedRun run, ResultsFolder results, Optional<StoredRun> stored, ExecutionSpec spec) {
    return new Look(orRunning(Standing.of(run, results, stored, spec), results), stored);
  }

  private static Standing orRunning(Standing stored, ResultsFolder results) {
    boolean running = !stored.isSettled() && Claims.isTaken(results, stored.run().id());
    return running
        ? new Standing(
            stored.run(), Standing.State.RUNNING, stored.step(), stored.seconds(), "", stored.end())
        : stored;
  }

  /**
   * The runs of a plan of fewer assignments. They may ask for less, so how they stand is judged
   * anew, by what was read already.
   */
  public Standings in(Plan part) {
    return new Standings(
        results,
        part,
        run -> {
          Look known = looks.get(run.id());
          if (known.standing().run() == run) {
            return known;
          }
          return known.stored().isEmpty()
              ? new Look(known.standing().of(run), known.stored())
              : look(run, results, known.stored(), spec);
        });
  }

  /** Looks again at the runs that were not settled. */
  public Standings again() {
    Map<String, Look> now = new LinkedHashMap<>(looks);
    now.replaceAll(
        (id, seen) ->
            seen.standing().isSettled() ? seen : look(seen.standing().run(), results, spec));
    return new Standings(results, spec, now);
  }

  /** Where the runs are stored. */
  public ResultsFolder results() {
    return results;
  }

  /** One a run, in the plan's order. */
  public List<Standing> all() {
    return looks.values().stream().map(Look::standing).toList();
  }

  /** Runs for which something is left to be done, in the plan's order. */
  public List<PlannedRun> open() {
    return all().stream().filter(s -> !s.isSettled()).map(Standing::run).toList();
  }

  /** Those of {@link #open} that are to be continued, in the plan's order. */
  public List<Standing> begun() {
    return all().stream().filter(s -> !s.isSettled() && Double.isFinite(s.end())).toList();
  }

  /** What is stored, by id; missing and damaged runs are left out. */
  public Map<String, StoredRun> stored() {
    Map<String, StoredRun> out = new LinkedHashMap<>();
    looks.forEach((id, look) -> look.stored().ifPresent(run -> out.put(id, run)));
    return out;
  }
}
