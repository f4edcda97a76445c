package dev.emergence.analysis;

import dev.emergence.fit.KaplanMeier;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stands for the seeds of a condition in a figure, and what may be said of it.
 *
 * @param kind what it is
 * @param value the middle, or the limit of {@link Kind#AT_LEAST}; NaN with none, and of a geometric
 *     mean over numbers that are not all above 0
 * @param lower end of the error bar; NaN with none
 * @param upper end of the error bar; NaN with none
 * @param known seeds with a value
 * @param seeds all seeds
 */
public record Center(Kind kind, double value, double lower, double upper, int known, int seeds) {

  /** How far a middle can be trusted. */
  public enum Kind {
    /** Of all seeds. */
    ALL,
    /** Some seeds have no value: the median by Kaplan and Meier, or of a metric what is known. */
    SOME,
    /** Only that the true middle lies above the last step looked at. */
    AT_LEAST,
    /** Nothing is known. */
    NONE
  }

  /**
   * The middle of a condition.
   *
   * @param column a time of emergence or a metric
   * @param log whether it stands on a logarithmic axis, where middles and spreads are those of
   *     logarithms
   */
  public static Center of(
      Cell cell, String column, PlotSpec.Middle middle, PlotSpec.ErrorBar error, boolean log) {
    double[] known =
        cell.values(column).stream()
            .filter(v -> !v.censored())
            .mapToDouble(Value::number)
            .sorted()
            .toArray();
    int seeds = cell.seeds().size();
    if (known.length == seeds) {
      double[] bar = bar(known, resolved(middle, log), error, log);
      double value = middle(known, resolved(middle, log));
      return new Center(Kind.ALL, value, bar[0], bar[1], known.length, seeds);
    }
    boolean time = Observation.thresholdOf(column).isPresent();
    if (!time) {
      double value = known.length == 0 ? Double.NaN : middle(known, resolved(middle, log));
      Kind kind = known.length == 0 ? Kind.NONE : Kind.SOME;
      return new Center(kind, value, Double.NaN, Double.NaN, known.length, seeds);
    }
    return waiting(cell, column, known.length);
  }

  /**
   * Whether seeds have values and yet no middle: a geometric mean takes numbers above 0 alone, and
   * one of them is not.
   */
  public boolean isWithoutMiddle() {
    return (kind == Kind.ALL || kind == Kind.SOME) && Double.isNaN(value);
  }

  /** Of the times of a threshold, as tables have it: the mean where every seed emerged. */
  public static Center meanTime(Cell cell, String threshold) {
    return of(cell, threshold + ".steps", PlotSpec.Middle.MEAN, PlotSpec.ErrorBar.NONE, false);
  }

  /**
   * How many seeds passed a threshold, as tables have it, with those that no later step would make
   * pass it: {@code 2/4 (1 diverged, 1 missing)}.
   */
  public static String reached(Cell cell, String threshold) {
    List<String> other = new ArrayList<>();
    for (State state : List.of(State.UNMEASURED, State.DIVERGED, State.FAILED, State.MISSING)) {
      int count = cell.count(threshold, state);
      if (count > 0) {
        other.add(count + " " + state.word());
      }
    }
    return cell.count(threshold, State.REACHED)
        + "/"
        + cell.seeds().size()
        + (other.isEmpty() ? "" : " (" + String.join(", ", other) + ")");
  }

  /** With seeds that have not emerged: the median by Kaplan and Meier, where half of them have. */
  private static Center waiting(Cell cell, String column, int known) {
    double median = curve(cell, column).median();
    double limit = leastMedian(cell, column);
    Kind kind = !Double.isNaN(median) ? Kind.SOME : Double.isNaN(limit) ? Kind.NONE : Kind.AT_LEAST;
    double value = kind == Kind.SOME ? median : limit;
    return new Center(kind, value, Double.NaN, Double.NaN, known, cell.seeds().size());
  }

  /**
   * The median where each seed that has not emerged would do so right after it was last looked at:
   * the true one cannot be less. NaN where every seed emerged or diverged.
   */
  private static double leastMedian(Cell cell, String column) {
    List<Value> waits = waits(cell, column);
    double[] least = waits.stream().mapToDouble(Value::number).sorted().toArray();
    double middle = least.length == 0 ? Double.NaN : least[(least.length - 1) / 2];
    double last =
        waits.stream()
            .filter(w -> w.censored() && Double.isFinite(w.number()))
            .mapToDouble(Value::number)
            .max()
            .orElse(Double.NaN);
    return Double.isInfinite(middle) ? last : Double.isNaN(last) ? Double.NaN : middle;
  }

  /**
   * The share of a condition's seeds that waits for emergence. A seed that diverged never emerges;
   * one that failed, is missing or was not measured says nothing.
   */
  public static KaplanMeier curve(Cell cell, String column) {
    List<Value> waits = waits(cell, column);
    boolean[] censored = new boolean[waits.size()];
    for (int i = 0; i < censored.length; i++) {
      censored[i] = waits.get(i).censored();
    }
    return KaplanMeier.of(waits.stream().mapToDouble(Value::number).toArray(), censored);
  }

  /** Of each seed of which something is known. */
  private static List<Value> waits(Cell cell, String column) {
    String threshold = Observation.thresholdOf(column).orElseThrow();
    return cell.seeds().stream()
        .filter(o -> o.thresholds().containsKey(threshold))
        .flatMap(o -> o.waited(threshold).stream())
        .toList();
  }

  /** The middle that {@code auto} stands for. */
  public static PlotSpec.Middle resolved(PlotSpec.Middle middle, boolean log) {
    return middle != PlotSpec.Middle.AUTO
        ? middle
        : log ? PlotSpec.Middle.GEOMETRIC_MEAN : PlotSpec.Middle.MEAN;
  }

  private static double middle(double[] sorted, PlotSpec.Middle middle) {
    if (sorted.length > 0 && sorted[0] == sorted[sorted.length - 1]) {
      return sorted[0];
    }
    return switch (middle) {
      case GEOMETRIC_MEAN ->
          sorted.length > 0 && sorted[0] > 0
              ? Math.exp(Arrays.stream(sorted).map(Math::log).average().orElse(Double.NaN))
              : Double.NaN;
      case MEDIAN -> quantile(sorted, 0.5);
      default -> Arrays.stream(sorted).average().orElse(Double.NaN);
    };
  }

  private static double[] bar(
      double[] sorted, PlotSpec.Middle middle, PlotSpec.ErrorBar error, boolean log) {
    double[] none = {Double.NaN, Double.NaN};
    if (sorted.length < 2) {
      return none;
    }
    return switch (error) {
      case NONE -> none;
      case RANGE -> new double[] {sorted[0], sorted[sorted.length - 1]};
      case QUARTILES -> new double[] {quantile(sorted, 0.25), quantile(sorted, 0.75)};
      case STD -> around(sorted, middle, log, 1);
      case SEM -> around(sorted, middle, log, 1 / Math.sqrt(sorted.length));
    };
  }

  private static double[] around(
      double[] sorted, PlotSpec.Middle middle, boolean log, double factor) {
    double at = middle(sorted, middle);
    if (log && sorted[0] <= 0) {
      return new double[] {Double.NaN, Double.NaN};
    }
    double[] on = log ? Arrays.stream(sorted).map(Math::log).toArray() : sorted;
    double mean = Arrays.stream(on).average().orElse(Double.NaN);
    double squares = Arrays.stream(on).map(v -> (v - mean) * (v - mean)).sum();
    double spread = factor * Math.sqrt(squares / (on.length - 1));
    return log
        ? new double[] {at * Math.exp(-spread), at * Math.exp(spread)}
        : new double[] {at - spread, at + spread};
  }

  /**
   * A quantile of sorted numbers, linear between neighbours (type 7 of Hyndman and Fan 1996).
   *
   * @return NaN of no numbers
   */
  public static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double at = share * (sorted.length - 1);
    int low = (int) Math.floor(at);
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
