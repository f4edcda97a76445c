package dev.emergence.study;

import dev.emergence.measure.Ending;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.result.Claims;
import dev.emergence.result.Damaged;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.result.StudyFolder;
import dev.emergence.result.StudyFolder.Question;
import dev.emergence.spec.StudySpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a study stands in the results.
 *
 * @param runs runs that it is about; one that conditions see differently counts for each of them
 * @param done runs of which it has rows
 * @param without runs of which it can have none, by the reason
 * @param open runs that are finished and not studied yet
 * @param working those of them that somebody is studying
 */
public record StudyStanding(
    String name,
    StudySpec spec,
    int runs,
    int done,
    Map<String, Integer> without,
    int open,
    int working) {

  /** Runs that are not finished. */
  public int waiting() {
    return runs - done - open - without.values().stream().mapToInt(n -> n).sum();
  }

  /** All studies of a plan as they stand, in the order of the file. Reads only. */
  public static List<StudyStanding> of(Plan plan, ResultsFolder results) {
    List<StudyStanding> out = new ArrayList<>();
    plan.experiment()
        .studies()
        .forEach((name, spec) -> out.add(of(name, spec, plan.studied(spec), results)));
    return out;
  }

  private static StudyStanding of(
      String name, StudySpec spec, List<Assignment> runs, ResultsFolder results) {
    int done = 0;
    int open = 0;
    int working = 0;
    Map<String, Integer> without = new LinkedHashMap<>();
    for (Assignment run : runs) {
      if (finished(results, run).isPresent()) {
        Optional<StudyFolder.Part> part = part(name, spec, run, results);
        open += part.isEmpty() ? 1 : 0;
        working += part.isEmpty() && isWorkedOn(name, spec, run, results) ? 1 : 0;
        boolean none = part.filter(p -> p.rows().isEmpty()).isPresent();
        done += part.isPresent() && !none ? 1 : 0;
        if (none) {
          without.merge(part.get().missing(), 1, Integer::sum);
        }
      }
    }
    return new StudyStanding(name, spec, runs.size(), done, without, open, working);
  }

  private static boolean isWorkedOn(
      String name, StudySpec spec, Assignment run, ResultsFolder results) {
    Question question = Question.of(spec, results.run(run.run()), run);
    return Claims.isTaken(results, results.study(name).claim(question));
  }

  /** What was found in a run, where the run is as it was then. */
  static Optional<StudyFolder.Part> part(
      String name, StudySpec spec, Assignment run, ResultsFolder results) {
    return results.study(name).read(Question.of(spec, results.run(run.run()), run));
  }

  /**
   * A run that can be studied: it has come as far as its condition asks, or diverged. One that
   * failed for want of a device or by a fault cannot.
   */
  static Optional<StoredRun> finished(ResultsFolder results, Assignment run) {
    try {
      return results.load(run.run()).filter(stored -> goesFarEnough(run, stored));
    } catch (Damaged e) {
      return Optional.empty();
    }
  }

  private static boolean goesFarEnough(Assignment run, StoredRun stored) {
    return switch (stored.outcome().state()) {
      case FAILED -> false;
      case DIVERGED -> true;
      case COMPLETE ->
          stored.outcome().lastStep() >= Ending.lastStep(run.condition().config(), stored.curve());
    };
  }
}
