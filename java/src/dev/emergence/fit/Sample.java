package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What a solver sees: logarithms of times, after aggregation.
 *
 * @param conditions condition of each row
 * @param logs natural logarithm of each time
 * @param censored whether the true logarithm is only known to be larger
 */
record Sample(int[] conditions, double[] logs, boolean[] censored) {

  int size() {
    return logs.length;
  }

  int reached() {
    int count = 0;
    for (boolean c : censored) {
      count += c ? 0 : 1;
    }
    return count;
  }

  /** The rows that emerged. */
  Sample onlyReached() {
    int[] rows = new int[reached()];
    for (int i = 0, at = 0; i < size(); i++) {
      if (!censored[i]) {
        rows[at++] = i;
      }
    }
    return rows(rows);
  }

  /** Rows drawn with replacement. */
  Sample draw(SplittableRandom random) {
    int[] rows = new int[size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextInt(size());
    }
    return rows(rows);
  }

  private Sample rows(int[] rows) {
    int[] c = new int[rows.length];
    double[] y = new double[rows.length];
    boolean[] over = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      c[i] = conditions[rows[i]];
      y[i] = logs[rows[i]];
      over[i] = censored[rows[i]];
    }
    return new Sample(c, y, over);
  }

  /** Points in the order of their conditions (then as given), aggregated. */
  static Sample of(List<Point> points, FitOptions.Aggregate aggregate) {
    TreeMap<Integer, List<Point>> byCondition = new TreeMap<>();
    for (Point p : points) {
      byCondition.computeIfAbsent(p.condition(), c -> new ArrayList<>()).add(p);
    }
    List<Point> rows = new ArrayList<>();
    byCondition.values().forEach(seeds -> rows.addAll(aggregate(seeds, aggregate)));
    Sample sample =
        new Sample(new int[rows.size()], new double[rows.size()], new boolean[rows.size()]);
    for (int i = 0; i < rows.size(); i++) {
      sample.conditions[i] = rows.get(i).condition();
      sample.logs[i] = Math.log(rows.get(i).time());
      sample.censored[i] = rows.get(i).censored();
    }
    return sample;
  }

  private static List<Point> aggregate(List<Point> seeds, FitOptions.Aggregate aggregate) {
    return switch (aggregate) {
      case PER_SEED -> seeds;
      case MEAN -> List.of(mean(seeds));
      case MEDIAN -> List.of(median(seeds));
    };
  }

  private static Point mean(List<Point> seeds) {
    double mean = seeds.stream().mapToDouble(Point::time).sum() / seeds.size();
    boolean anyCensored = seeds.stream().anyMatch(Point::censored);
    return new Point(seeds.get(0).condition(), 0, mean, anyCensored);
  }

  /**
   * A censored time counts as later than every other; the mean of the middle two is censored when
   * one of them is.
   */
  private static Point median(List<Point> seeds) {
    Point[] sorted = seeds.toArray(Point[]::new);
    Arrays.sort(
        sorted,
        (a, b) ->
            a.censored() == b.censored()
                ? Double.compare(a.time(), b.time())
                : Boolean.compare(a.censored(), b.censored()));
    Point low = sorted[(sorted.length - 1) / 2];
    Point high = sorted[sorted.length / 2];
    return new Point(
        low.condition(), 0, (low.time() + high.time()) / 2, low.censored() || high.censored());
  }
}
