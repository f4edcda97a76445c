package dev.emergence.analysis;

import dev.emergence.fit.FitResult;
import dev.emergence.spec.FitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A fit of the experiment with what came of it.
 *
 * @param spec what was asked
 * @param result the law, or why there is none
 * @param expectations each beside its number
 * @param counts of the runs in the data, by what became of them
 * @param law the fitted law, when there is one
 * @param published the formula with the published numbers, where all are given
 * @param aboutRuns what a reader should know about the runs behind the points, a sentence each
 */
@API(status = API.Status.MAINTAINED)
public record FitReport(
    FitSpec spec,
    FitResult result,
    List<Met> expectations,
    Map<State, Integer> counts,
    Optional<Law> law,
    Optional<Law> published,
    List<String> aboutRuns) {
  public FitReport {
    expectations = List.copyOf(expectations);
    counts = Map.copyOf(counts);
    aboutRuns = List.copyOf(aboutRuns);
  }

  /** All that a reader should know, a sentence each: the same words wherever they are shown. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(aboutRuns);
    if (result instanceof FitResult.Fitted fitted) {
      notes.addAll(fitted.notes());
    }
    return List.copyOf(notes);
  }

  /** Runs that ended in a state. */
  public int count(State state) {
    return counts.getOrDefault(state, 0);
  }

  /** Whether all runs are there that the law is made from: before that nothing is judged. */
  public boolean isJudged() {
    return count(State.MISSING) == 0;
  }

  /** Whether every expectation is met that can be judged. */
  public boolean holds() {
    return !isJudged() || expectations.stream().allMatch(Met::holds);
  }
}
