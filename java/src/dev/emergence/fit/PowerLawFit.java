package dev.emergence.fit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits laws for emergence times by least squares on their logarithms (Zucchet et al. 2025, App.
 * D.2), with intervals.
 *
 * <p>Deterministic: the same input gives the same bits.
 */
public final class PowerLawFit {
  private PowerLawFit() {}

  /**
   * Fits a law that is linear after taking logarithms: by ordinary least squares, or by maximum
   * likelihood when censored points or brackets are kept.
   *
   * @param design one row a condition
   * @param points times, whose conditions are rows of the design
   * @return the law, or why the points do not decide it
   */
  public static FitResult logLinear(Design design, List<Point> points, FitOptions options) {
    boolean anyCensored = options.censored() && points.stream().anyMatch(Point::censored);
    Solver solver =
        anyCensored || options.brackets()
            ? new MaximumLikelihood(design)
            : new LeastSquares(design);
    return fit(solver, design.parameters(), points, options);
  }

  /**
   * Fits any other law by Levenberg-Marquardt on logarithms. Neither censored points nor brackets
   * can be kept.
   *
   * @param parameters what {@code law} takes, in its order
   * @param law the logarithm of the law
   * @return the law, or why the points do not decide it
   */
  public static FitResult nonlinear(
      List<Parameter> parameters, LogLaw law, List<Point> points, FitOptions options) {
    int unreached = (int) points.stream().filter(Point::censored).count();
    if (options.brackets() || (options.censored() && unreached > 0)) {
      return new FitResult.Refused(
          "a likelihood needs a formula that is linear after taking logarithms; use method:"
              + " log_least_squares, or unreached: exclude",
          points.size(),
          unreached,
          Double.NaN);
    }
    return fit(new Nonlinear(parameters, law), parameters, points, options);
  }

  private static FitResult fit(
      Solver solver, List<Parameter> parameters, List<Point> all, FitOptions options) {
    List<String> notes = new ArrayList<>();
    List<Point> points = usable(all, options, notes);
    int unreached = (int) all.stream().filter(Point::censored).count();
    Sample sample = Sample.of(points, options);
    if (sample.reached() == 0) {
      return new FitResult.Refused(
          nothingLeft(notes, unreached), sample.size(), unreached, Double.NaN);
    }
    try {
      Solver.Solution solution = solver.solve(sample, new double[0]);
      Intervals intervals = Intervals.of(solver, points, options, solution.theta());
      if (!intervals.note().isEmpty()) {
        notes.add(intervals.note());
      }
      Quality quality = Quality.of(solver, solution, sample);
      notes.addAll(quality.notes());
      return new FitResult.Fitted(
          estimates(parameters, solution.theta(), intervals),
          quality.r2(),
          quality.residualStd(),
          sample.size(),
          unreached,
          solution.condition(),
          intervals.units(),
          options.interval(),
          replicates(parameters, intervals),
          notes);
    } catch (NotIdentifiable undecided) {
      notes.add(0, undecided.getMessage());
      return new FitResult.Refused(
          String.join("; ", notes), sample.size(), unreached, undecided.condition());
    }
  }

  private static String nothingLeft(List<String> notes, int unreached) {
    List<String> reasons = new ArrayList<>(notes);
    if (unreached > 0) {
      reasons.add(counted(unreached, "run") + (unreached == 1 ? " is" : " are") + " unreached");
    }
    String why = reasons.isEmpty() ? "" : ": " + String.join("; ", reasons);
    return "no point has a time to fit" + why;
  }

  /** Leaves out what has no logarithm, and censored points where they are not wanted. */
  private static List<Point> usable(List<Point> all, FitOptions options, List<String> notes) {
    long passed = all.stream().filter(p -> !(p.time() > 0) && !p.censored()).count();
    long unmeasured = all.stream().filter(p -> !(p.time() > 0) && p.censored()).count();
    if (passed > 0) {
      notes.add(
          counted(passed, "point")
              + " at time 0 left out: the threshold was passed before training, and 0 has no"
              + " logarithm");
    }
    if (unmeasured > 0 && options.censored()) {
      notes.add(counted(unmeasured, "run") + " left out: nothing was measured after the start");
    }
    return all.stream().filter(p -> p.time() > 0 && (options.censored() || !p.censored())).toList();
  }

  private static String counted(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  private static Replicates replicates(List<Parameter> parameters, Intervals intervals) {
    List<Map<String, Double>> laws = new ArrayList<>();
    for (double[] theta : intervals.others()) {
      Map<String, Double> law = new LinkedHashMap<>();
      for (int k = 0; k < theta.length; k++) {
        law.put(parameters.get(k).name(), parameters.get(k).value(theta[k]));
      }
      laws.add(law);
    }
    return new Replicates(laws, intervals.quantile());
  }

  private static Map<String, Estimate> estimates(
      List<Parameter> parameters, double[] theta, Intervals intervals) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (int k = 0; k < theta.length; k++) {
      Parameter p = parameters.get(k);
      estimates.put(
          p.name(),
          new Estimate(
              p.value(theta[k]), p.value(intervals.lower()[k]), p.value(intervals.upper()[k])));
    }
    return estimates;
  }
}
