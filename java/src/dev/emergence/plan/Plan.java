package dev.emergence.plan;

import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.StudySpec;
import dev.emergence.spec.expr.Symbols;
import dev.emergence.spec.expr.Where;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/**
 * The runs of an experiment.
 *
 * @param experiment the experiment
 * @param runs every run once, ordered by cost and then by id
 * @param assignments the run of each condition and seed, in the order of the file; the seeds of a
 *     condition follow each other
 */
@API(status = API.Status.MAINTAINED)
public record Plan(ExperimentSpec experiment, List<PlannedRun> runs, List<Assignment> assignments) {
  public Plan {
    runs =
        runs.stream()
            .sorted(
                Comparator.comparingDouble((PlannedRun r) -> r.cost().expected())
                    .thenComparing(PlannedRun::id))
            .toList();
    assignments = List.copyOf(assignments);
  }

  /** All runs by id, the cheapest first. */
  public Map<String, PlannedRun> byId() {
    Map<String, PlannedRun> out = new LinkedHashMap<>();
    runs.forEach(r -> out.put(r.id(), r));
    return out;
  }

  /**
   * The assignments of one sweep, in the order of the file.
   *
   * @throws IllegalArgumentException when there is no such sweep; the message lists the known names
   */
  public List<Assignment> assignments(String sweep) {
    if (!experiment.sweeps().containsKey(sweep)) {
      throw new IllegalArgumentException(
          "no sweep '" + sweep + "'; known: " + String.join(", ", experiment.sweeps().keySet()));
    }
    return assignments.stream().filter(a -> a.condition().sweep().equals(sweep)).toList();
  }

  /**
   * The assignments that a study is about, in the order of the file. Of several that share a run
   * and see it alike, the first.
   */
  public List<Assignment> studied(StudySpec study) {
    Symbols symbols =
        Symbols.of(Keys.kindOf((Record) experiment.base().task()), experiment.symbols());
    Map<List<Object>, Assignment> out = new LinkedHashMap<>();
    for (Assignment a : assignments) {
      boolean wanted =
          study.data().contains(a.condition().sweep())
              && Where.matches(study.where(), a.condition(), symbols)
              && Where.seed(study.where(), a.seed());
      if (wanted) {
        out.putIfAbsent(List.of(a.run(), Sight.of(a.condition().config())), a);
      }
    }
    return List.copyOf(out.values());
  }

  /** A plan with only some of the assignments, and only the runs that they need. */
  public Plan only(Predicate<Assignment> wanted) {
    List<Assignment> kept = assignments.stream().filter(wanted).toList();
    if (kept.size() == assignments.size()) {
      return this;
    }
    return Planner.merge(experiment, kept);
  }
}
