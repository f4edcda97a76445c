package dev.emergence.fit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** What came of a fit: a law, or the reason why the points do not decide one. */
@API(status = API.Status.MAINTAINED)
public sealed interface FitResult {
  /** Points that the fit rests on, censored ones included. */
  int points();

  /** Runs that never emerged: left out, or censored. */
  int unreached();

  /** Condition number of the design with columns scaled to norm 1; NaN when it was not reached. */
  double condition();

  /**
   * A law.
   *
   * @param parameters by name, in the order of the formula
   * @param r2 1 - SS_res / SS_tot of the logarithms, over points that emerged; NaN when it would
   *     say nothing: with equal times, or as many parameters as points
   * @param residualStd standard deviation of the residuals of the logarithms (maximum likelihood
   *     when censored or in brackets); NaN with no point to spare
   * @param units seeds or points that vary independently
   * @param interval how intervals were made
   * @param replicates the law without each seed or point in turn
   * @param notes what a reader should know, a sentence each
   */
  record Fitted(
      Map<String, Estimate> parameters,
      double r2,
      double residualStd,
      int points,
      int unreached,
      double condition,
      int units,
      FitOptions.Interval interval,
      Replicates replicates,
      List<String> notes)
      implements FitResult {
    public Fitted {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
      notes = List.copyOf(notes);
    }

    /** The estimate of one parameter. */
    public Estimate parameter(String name) {
      Estimate found = parameters.get(name);
      if (found == null) {
        throw new IllegalArgumentException(
            "no parameter '" + name + "'; known: " + String.join(", ", parameters.keySet()));
      }
      return found;
    }
  }

  /**
   * No law.
   *
   * @param reason a sentence that names the parameters that cannot be told apart, or what is
   *     missing
   */
  record Refused(String reason, int points, int unreached, double condition) implements FitResult {}
}
