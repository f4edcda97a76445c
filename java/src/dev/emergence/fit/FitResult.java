package dev.emergence.fit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** The result of a fit: a law, or the reason why there is none. */
@API(status = API.Status.MAINTAINED)
public sealed interface FitResult {
  /** The number of points, with censored ones. */
  int points();

  /** The number of runs that never emerged. They are left out or censored. */
  int unreached();

  /**
   * The condition number of the design matrix, with columns scaled to norm 1; NaN when it was not
   * computed.
   */
  double condition();

  /**
   * A law.
   *
   * @param parameters estimates by name, in the order of the formula
   * @param r2 1 - SS_res / SS_tot of the logarithms, over the points that emerged. NaN when it
   *     would have no meaning: when all times are equal, or when there are as many parameters as
   *     points.
   * @param residualStd standard deviation of the residuals of the logarithms, in nats; by maximum
   *     likelihood if times are censored or in brackets. NaN when there are not more points than
   *     parameters.
   * @param units number of seeds or points that were left out in turn
   * @param interval how the intervals were computed
   * @param replicates the law without each seed or point in turn
   * @param notes what a reader should know, one sentence each
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

    /**
     * The estimate of one parameter.
     *
     * @throws IllegalArgumentException when there is no such parameter; the message lists the known
     *     names
     */
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
   * @param reason one sentence: which parameters cannot be told apart, or what is missing, and
   *     which points were left out
   */
  record Refused(String reason, int points, int unreached, double condition) implements FitResult {}
}
