package dev.emergence.analysis;

import dev.emergence.fit.FitResult;
import dev.emergence.spec.FitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * A fit of the experiment and its result.
 *
 * @param spec the fit as the file states it
 * @param result the law, or the reason why there is none
 * @param expectations each expectation with the number that it is about
 * @param counts the numbers of runs in the data, by state; missing ones also of the conditions
 *     among which {@code select} chose
 * @param law the fitted law, if there is one
 * @param published the formula with the published numbers, if all of them are given
 * @param aboutRuns what a reader should know about the runs, one sentence each
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

  /**
   * What a reader should know about the fit, one sentence each. Console, report and files show the
   * same sentences.
   */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(aboutRuns);
    if (result instanceof FitResult.Fitted fitted) {
      notes.addAll(fitted.notes());
    }
    return List.copyOf(notes);
  }

  /** Runs of its data that do not enter because of their state: {@code 2 diverged left out}. */
  public List<String> leftOut() {
    return Stream.of(State.UNMEASURED, State.DIVERGED, State.FAILED, State.MISSING)
        .filter(state -> count(state) > 0)
        .map(state -> count(state) + " " + state.word() + " left out")
        .toList();
  }

  /** The number of runs in a state. */
  public int count(State state) {
    return counts.getOrDefault(state, 0);
  }

  /** Whether all runs of its data are stored. Expectations are judged only then. */
  public boolean isJudged() {
    return count(State.MISSING) == 0;
  }

  /** Whether every expectation that can be judged is met. */
  public boolean holds() {
    return !isJudged() || expectations.stream().allMatch(Met::holds);
  }
}
