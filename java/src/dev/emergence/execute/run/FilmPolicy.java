package dev.emergence.execute.run;

import dev.emergence.measure.Emergence;
import dev.emergence.plan.Demand;
import dev.emergence.result.Curve;
import dev.emergence.result.Picture;
import dev.emergence.spec.MeasurementSpec.Film;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which attention patterns make up a run's film. Every evaluation gives a frame; when there are too
 * many, the one goes around which least changes. The first, the last four and the three on each
 * side of the crossing stay. What is kept depends on the measured frames alone, so a run that was
 * interrupted has the same film.
 */
public final class FilmPolicy {
  static final String LABEL = "film";

  /** The last query's attention as it is, of patterns that are pooled: its row alone. */
  static final String ROW = "film-row";

  /** Longer patterns are pooled by maximum to this many queries and keys. */
  static final int LARGEST = 64;

  private static final int LATEST = 4;
  private static final int SIDE = 3;

  /** Of frames that change alike, those go first that lie close together. */
  private static final double SPREAD = 1e-3;

  private final Optional<Film> film;
  private final List<Demand> demands;
  private final int every;

  FilmPolicy(List<Demand> demands, int evaluateEvery) {
    this.demands = demands;
    this.every = evaluateEvery;
    this.film =
        demands.stream().flatMap(d -> d.film().stream()).max(Comparator.comparingInt(Film::frames));
  }

  /**
   * Whether the step's patterns are wanted.
   *
   * @param have those kept so far
   */
  boolean wants(long step, List<Picture> have) {
    return film.isPresent()
        && step % every == 0
        && have.stream().noneMatch(p -> p.label().equals(LABEL) && p.step() >= step);
  }

  /**
   * Whether a run that stands at {@code step} has been trained without the film that is wanted, or
   * for one with fewer frames.
   */
  boolean missed(long step, List<Picture> have) {
    if (film.isEmpty() || step == 0) {
      return false;
    }
    Set<Long> frames =
        have.stream()
            .filter(p -> p.label().equals(LABEL))
            .map(Picture::step)
            .collect(Collectors.toSet());
    return !frames.contains(0L) || frames.size() < Math.min(film.get().frames(), step / every + 1);
  }

  /** Drops frames until no more are left than are wanted. */
  void thin(List<Picture> pictures, Supplier<Curve> curve) {
    TreeMap<Long, List<Picture>> frames = new TreeMap<>();
    for (Picture p : pictures) {
      if (p.label().equals(LABEL)) {
        frames.computeIfAbsent(p.step(), s -> new ArrayList<>()).add(p);
      }
    }
    while (frames.size() > film.map(Film::frames).orElse(Integer.MAX_VALUE)) {
      Optional<Long> least = leastChange(frames, crossing(curve));
      if (least.isEmpty()) {
        return;
      }
      frames.remove(least.get());
      pictures.removeIf(p -> isFrame(p) && p.step() == least.get());
    }
  }

  private static boolean isFrame(Picture p) {
    return p.label().equals(LABEL) || p.label().equals(ROW);
  }

  private Optional<Long> leastChange(TreeMap<Long, List<Picture>> frames, double crossing) {
    List<Long> steps = List.copyOf(frames.keySet());
    Optional<Long> least = Optional.empty();
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 1; i < steps.size() - LATEST; i++) {
      long step = steps.get(i);
      boolean beside = Math.abs(step - crossing) <= SIDE * every;
      if (!beside) {
        long before = steps.get(i - 1);
        long after = steps.get(i + 1);
        double change =
            change(frames.get(before), frames.get(step))
                + change(frames.get(step), frames.get(after))
                + SPREAD * Math.log((after + every) / (double) (before + every));
        if (change < smallest) {
          smallest = change;
          least = Optional.of(step);
        }
      }
    }
    return least;
  }

  private double crossing(Supplier<Curve> curve) {
    for (Demand d : demands) {
      Optional<String> around = d.film().flatMap(Film::around);
      if (around.isPresent()
          && Emergence.of(curve.get(), around.get(), d.thresholds().get(around.get()))
              instanceof Emergence.Reached reached) {
        return reached.step();
      }
    }
    return Double.NaN;
  }

  /** Mean over heads and queries of the total variation between two frames. */
  private static double change(Collection<Picture> a, Collection<Picture> b) {
    Map<List<Integer>, Picture> others = new java.util.HashMap<>();
    b.forEach(p -> others.put(List.of(p.layer(), p.head()), p));
    double sum = 0;
    int rows = 0;
    for (Picture p : a) {
      Picture other = others.get(List.of(p.layer(), p.head()));
      for (int q = 0; other != null && q < p.probabilities().length; q++) {
        rows++;
        for (int k = 0; k < p.probabilities()[q].length; k++) {
          sum += Math.abs(p.probabilities()[q][k] - other.probabilities()[q][k]) / 2;
        }
      }
    }
    return rows == 0 ? 0 : sum / rows;
  }

  /** A pattern of at most {@link #LARGEST} queries and keys: larger ones by their maxima. */
  static double[][] pooled(double[][] pattern) {
    int rows = pattern.length;
    int columns = rows == 0 ? 0 : pattern[0].length;
    if (rows <= LARGEST && columns <= LARGEST) {
      return pattern;
    }
    double[][] out = new double[Math.min(rows, LARGEST)][Math.min(columns, LARGEST)];
    for (int q = 0; q < rows; q++) {
      double[] to = out[(int) ((long) q * out.length / rows)];
      for (int k = 0; k < columns; k++) {
        int at = (int) ((long) k * to.length / columns);
        to[at] = Math.max(to[at], pattern[q][k]);
      }
    }
    return out;
  }
}
