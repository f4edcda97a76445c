package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a solver sees: logarithms of times, after aggregation.
 *
 * @param conditions condition of each row
 * @param lows natural logarithm of the time after which it emerged; minus infinity for 0
 * @param highs natural logarithm of the time by which it had emerged: equal to the low one where
 *     the time is exact, infinite where it is censored
 */
record Sample(int[] conditions, double[] lows, double[] highs) {

  int size() {
    return conditions.length;
  }

  boolean censored(int row) {
    return highs[row] == Double.POSITIVE_INFINITY;
  }

  /** Whether every time is known: a median may be, beside a seed that was not seen to emerge. */
  boolean isExact() {
    return Arrays.equals(lows, highs);
  }

  int reached() {
    return (int) IntStream.range(0, size()).filter(row -> !censored(row)).count();
  }

  /** The rows that emerged. */
  Sample onlyReached() {
    return rows(IntStream.range(0, size()).filter(row -> !censored(row)).toArray());
  }

  /** All rows but some. */
  Sample without(BitSet left) {
    return rows(IntStream.range(0, size()).filter(row -> !left.get(row)).toArray());
  }

  /** The one number that stands for each row that emerged: the time, or the bracket's middle. */
  double[] logs() {
    double[] logs = new double[size()];
    for (int i = 0; i < logs.length; i++) {
      boolean exact = lows[i] == highs[i];
      logs[i] = exact ? lows[i] : Math.log((Math.exp(lows[i]) + Math.exp(highs[i])) / 2);
    }
    return logs;
  }

  private Sample rows(int[] rows) {
    return new Sample(
        IntStream.of(rows).map(row -> conditions[row]).toArray(),
        IntStream.of(rows).mapToDouble(row -> lows[row]).toArray(),
        IntStream.of(rows).mapToDouble(row -> highs[row]).toArray());
  }

  /** Points in the order of their conditions (then as given), aggregated. */
  static Sample of(List<Point> points, FitOptions options) {
    TreeMap<Integer, List<Point>> byCondition = new TreeMap<>();
    for (Point p : points) {
      byCondition.computeIfAbsent(p.condition(), c -> new ArrayList<>()).add(p);
    }
    List<Point> rows = new ArrayList<>();
    byCondition.values().forEach(seeds -> rows.addAll(aggregate(seeds, options.aggregate())));
    return new Sample(
        rows.stream().mapToInt(Point::condition).toArray(),
        rows.stream()
            .mapToDouble(p -> Math.log(options.brackets() ? p.after() : p.time()))
            .toArray(),
        rows.stream()
            .mapToDouble(p -> p.censored() ? Double.POSITIVE_INFINITY : Math.log(p.time()))
            .toArray());
  }

  private static List<Point> aggregate(List<Point> seeds, FitOptions.Aggregate aggregate) {
    return switch (aggregate) {
      case PER_SEED -> seeds;
      case MEAN -> List.of(mean(seeds));
      case MEDIAN -> List.of(median(seeds));
    };
  }

  private static Point mean(List<Point> seeds) {
    double time = seeds.stream().mapToDouble(Point::time).average().orElseThrow();
    double after = seeds.stream().mapToDouble(Point::after).average().orElseThrow();
    boolean anyCensored = seeds.stream().anyMatch(Point::censored);
    return new Point(seeds.get(0).condition(), 0, time, anyCensored, Math.min(after, time));
  }

  /**
   * Known where it is the same however late the censored ones emerge. Else it is censored, at the
   * median of all times as they are, or of the starts of their brackets: it cannot be less.
   */
  private static Point median(List<Point> seeds) {
    double time = middle(seeds.stream().mapToDouble(Point::time));
    double latest =
        middle(seeds.stream().mapToDouble(p -> p.censored() ? Double.POSITIVE_INFINITY : p.time()));
    boolean censored = latest > time;
    double after = middle(seeds.stream().mapToDouble(Point::after));
    return new Point(seeds.get(0).condition(), 0, time, censored, Math.min(after, time));
  }

  private static double middle(DoubleStream times) {
    double[] sorted = times.sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
