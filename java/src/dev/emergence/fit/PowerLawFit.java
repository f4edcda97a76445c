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
   * Fits a law that is linear after taking logarithms: by ordinary least squares, or when censored
   * points are kept by the likelihood of Tobit's model.
   *
   * @param design one row a condition
   * @param points times, whose conditions are rows of the design
   * @return the law, or why the points do not decide it
   */
  public static FitResult logLinear(Design design, List<Point> points, FitOptions options) {
    boolean anyCensored = options.censored() && points.stream().anyMatch(Point::censored);
    Solver solver = anyCensored ? new Tobit(design) : new LeastSquares(design);
    return fit(solver, design.parameters(), points, options);
  }

  /**
   * Fits any other law by Levenberg-Marquardt on logarithms. Censored points cannot be kept.
   *
   * @param parameters what {@code law} takes, in its order
   * @param law the logarithm of the law
   * @return the law, or why the points do not decide it
   */
  public static FitResult nonlinear(
      List<Parameter> parameters, LogLaw law, List<Point> points, FitOptions options) {
    int unreached = (int) points.stream().filter(Point::censored).count();
    if (options.censored() && unreached > 0) {
      return new FitResult.Refused(
          "a censored likelihood needs a formula that is linear after taking logarithms; use"
              + " method: log_least_squares, or unreached: exclude",
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
    Sample sample = Sample.of(points, options.aggregate());
    if (sample.reached() == 0) {
      String reason =
          "no point emerged" + (unreached > 0 ? "; " + unreached + " runs are unreached" : "");
      return new FitResult.Refused(reason, sample.size(), unreached, Double.NaN);
    }
    try {
      Solver.Solution solution = solver.solve(sample, new double[0]);
      Bootstrap.Intervals intervals =
          new Bootstrap(solver, points, options, solution.theta()).intervals();
      if (!intervals.note().isEmpty()) {
        notes.add(intervals.note());
      }
      Quality quality = Quality.of(solver, solution, sample);
      return new FitResult.Fitted(
          estimates(parameters, solution.theta(), intervals),
          quality.r2(),
          quality.residualStd(),
          sample.size(),
          unreached,
          solution.condition(),
          intervals.used(),
          options.resampling(),
          notes);
    } catch (NotIdentifiable undecided) {
      return new FitResult.Refused(
          undecided.getMessage(), sample.size(), unreached, undecided.condition());
    }
  }

  /** Leaves out what has no logarithm, and censored points where they are not wanted. */
  private static List<Point> usable(List<Point> all, FitOptions options, List<String> notes) {
    List<Point> points =
        all.stream().filter(p -> p.time() > 0 && (options.censored() || !p.censored())).toList();
    long zero = all.stream().filter(p -> !(p.time() > 0)).count();
    if (zero > 0) {
      notes.add(
          zero
              + " points at time 0 are left out: they have no logarithm (the threshold is passed"
              + " before training?)");
    }
    return points;
  }

  private static Map<String, Estimate> estimates(
      List<Parameter> parameters, double[] theta, Bootstrap.Intervals intervals) {
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

  /** How well a law describes the points that emerged. */
  private record Quality(double r2, double residualStd) {
    static Quality of(Solver solver, Solver.Solution solution, Sample sample) {
      Sample reached = sample.onlyReached();
      double mean = 0;
      for (double y : reached.logs()) {
        mean += y / reached.size();
      }
      double total = 0;
      double left = 0;
      for (int i = 0; i < reached.size(); i++) {
        double y = reached.logs()[i];
        double residual = y - solver.predict(solution.theta(), reached.conditions()[i]);
        left += residual * residual;
        total += (y - mean) * (y - mean);
      }
      int spare = reached.size() - solution.theta().length;
      double std =
          Double.isNaN(solution.sigma())
              ? (spare > 0 ? Math.sqrt(left / spare) : Double.NaN)
              : solution.sigma();
      // Below this the times differ by rounding only, and R² would compare rounding with rounding.
      boolean equalTimes = total <= 1e-24 * reached.size() * (1 + mean * mean);
      return new Quality(equalTimes ? Double.NaN : 1 - left / total, std);
    }
  }
}
