package dev.emergence.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Between which two checkpoints a measure first passes a level: some checkpoints first, about
 * evenly on a logarithmic axis, then bisection between the last of them that does not pass and the
 * first that does. Bisection finds a crossing, and the first one only if there is no other:
 * re-crossings that were seen are counted.
 *
 * @param before last step before the crossing that was read and does not pass; empty where the
 *     first checkpoint passes already
 * @param after first step after it that was read and passes; empty: unreached
 * @param last last step that was read
 * @param recrossings how often the measure fell below the level again, among the steps that were
 *     read
 * @param unread steps between {@code before} and {@code after} that cannot be read
 * @param values the measure at every step that was read
 */
public record Localisation(
    OptionalLong before,
    OptionalLong after,
    long last,
    int recrossings,
    List<Long> unread,
    NavigableMap<Long, Double> values) {

  /** The middle of the bracket, where there is one. */
  public OptionalDouble middle() {
    return before.isPresent() && after.isPresent()
        ? OptionalDouble.of((before.getAsLong() + after.getAsLong()) / 2.0)
        : OptionalDouble.empty();
  }

  /**
   * Searches.
   *
   * @param steps of all checkpoints, rising
   * @param measure at a step; empty where its checkpoint cannot be read. Asked once a step
   * @param level that must be passed from below
   */
  public static Localisation search(
      List<Long> steps, LongFunction<OptionalDouble> measure, double level) {
    return new Search(steps, measure, level).found();
  }

  /** The steps that are read first: the ends, and of those between one in each doubling. */
  public static List<Long> coarse(List<Long> steps) {
    List<Long> out = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      long step = steps.get(i);
      boolean end = i == 0 || i == steps.size() - 1;
      if (end || step >= 2 * Math.max(1, out.get(out.size() - 1)) || out.get(out.size() - 1) == 0) {
        out.add(step);
      }
    }
    return out;
  }

  private static final class Search {
    private final List<Long> steps;
    private final LongFunction<OptionalDouble> measure;
    private final double level;
    private final NavigableMap<Long, Double> values = new TreeMap<>();
    private final List<Long> unread = new ArrayList<>();

    Search(List<Long> steps, LongFunction<OptionalDouble> measure, double level) {
      this.steps = steps;
      this.measure = measure;
      this.level = level;
    }

    /** Whether the checkpoint could be read. */
    private boolean read(long step) {
      if (!values.containsKey(step) && !unread.contains(step)) {
        OptionalDouble value = measure.apply(step);
        if (value.isPresent()) {
          values.put(step, value.getAsDouble());
        } else {
          unread.add(step);
        }
      }
      return values.containsKey(step);
    }

    private boolean passes(double value) {
      return value > level;
    }

    Localisation found() {
      coarse(steps).forEach(this::read);
      readLast();
      OptionalLong after = first();
      while (after.isPresent()) {
        long upper = after.getAsLong();
        Long lower = values.lowerKey(upper);
        List<Long> between =
            steps.stream().filter(s -> s < upper && (lower == null || s > lower)).toList();
        if (!readMiddle(between)) {
          break;
        }
        after = first();
      }
      return result(after);
    }

    /** The last checkpoint that can be read: what passes only near the end is seen there. */
    private void readLast() {
      int i = steps.size() - 1;
      while (i >= 0 && !read(steps.get(i))) {
        i--;
      }
    }

    /** The first step that was read and passes. */
    private OptionalLong first() {
      return values.entrySet().stream()
          .filter(e -> passes(e.getValue()))
          .mapToLong(Map.Entry::getKey)
          .findFirst();
    }

    /** Reads one of these, as near to the middle as can be; false when none can be read. */
    private boolean readMiddle(List<Long> between) {
      int middle = between.size() / 2;
      for (int away = 0; away <= between.size(); away++) {
        for (int i : new int[] {middle - away, middle + away}) {
          boolean fresh = i >= 0 && i < between.size() && !unread.contains(between.get(i));
          if (fresh && read(between.get(i))) {
            return true;
          }
        }
      }
      return false;
    }

    private Localisation result(OptionalLong after) {
      int falls = 0;
      boolean passed = false;
      for (double value : values.values()) {
        falls += passed && !passes(value) ? 1 : 0;
        passed = passes(value);
      }
      OptionalLong before =
          after.isPresent() && values.lowerKey(after.getAsLong()) != null
              ? OptionalLong.of(values.lowerKey(after.getAsLong()))
              : OptionalLong.empty();
      long from = before.orElse(Long.MIN_VALUE);
      List<Long> inside =
          unread.stream().filter(s -> s > from && s < after.orElse(from)).sorted().toList();
      long last = values.isEmpty() ? -1 : values.lastKey();
      return new Localisation(before, after, last, falls, inside, values);
    }
  }
}
