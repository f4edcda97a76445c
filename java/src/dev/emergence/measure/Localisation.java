package dev.emergence.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.DoublePredicate;

/**
 * Between which two of many steps a number that is dear to measure first passes: a coarse look at
 * some of them, then bisection between the last one before that does not pass and the first that
 * does. Bisection finds a crossing, and the first one only if there is no other: re-crossings that
 * were seen are counted.
 *
 * @param before last step before the crossing that was read and does not pass; empty where the
 *     first one that was read passes already, and where none passes
 * @param after first step after it that was read and passes; empty: unreached
 * @param last last step that was read; -1 where none could be
 * @param recrossings how often a number that passes was followed by one that does not, among the
 *     steps that were read
 * @param unread steps between {@code before} and {@code after} that cannot be read
 * @param values the number at every step that was read
 */
public record Localisation(
    OptionalLong before,
    OptionalLong after,
    long last,
    int recrossings,
    List<Long> unread,
    NavigableMap<Long, Double> values) {

  /**
   * What is measured at a step.
   *
   * @param <X> why it may fail
   */
  public interface Values<X extends Exception> {
    /** The number; empty where the step cannot be read. Asked once a step. */
    OptionalDouble at(long step) throws X;
  }

  /** The middle of the bracket, where there is one. */
  public OptionalDouble middle() {
    return before.isPresent() && after.isPresent()
        ? OptionalDouble.of((before.getAsLong() + after.getAsLong()) / 2.0)
        : OptionalDouble.empty();
  }

  /**
   * Searches.
   *
   * @param steps all there are, rising
   * @param coarse those of them that are read first, such as {@link #doubling} or {@link #evenly}
   * @param passes whether a number passes; one that is not a number does not
   */
  public static <X extends Exception> Localisation search(
      List<Long> steps, List<Long> coarse, Values<X> values, DoublePredicate passes) throws X {
    return new Search<>(steps, values, passes).found(coarse);
  }

  /** The ends, and of the steps between one in each doubling. */
  public static List<Long> doubling(List<Long> steps) {
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

  /**
   * The ends, and between them every so many.
   *
   * @param count of steps, at least 2; all when there are no more
   */
  public static List<Long> evenly(List<Long> steps, int count) {
    int looks = Math.min(count, steps.size());
    List<Long> out = new ArrayList<>();
    for (int i = 0; i < looks; i++) {
      out.add(steps.get(looks == 1 ? 0 : (int) ((long) i * (steps.size() - 1) / (looks - 1))));
    }
    return out;
  }

  private static final class Search<X extends Exception> {
    private final List<Long> steps;
    private final Values<X> measure;
    private final DoublePredicate passes;
    private final NavigableMap<Long, Double> values = new TreeMap<>();
    private final List<Long> unread = new ArrayList<>();

    Search(List<Long> steps, Values<X> measure, DoublePredicate passes) {
      this.steps = steps;
      this.measure = measure;
      this.passes = passes;
    }

    /** Whether the step could be read. */
    private boolean read(long step) throws X {
      if (!values.containsKey(step) && !unread.contains(step)) {
        OptionalDouble value = measure.at(step);
        if (value.isPresent()) {
          values.put(step, value.getAsDouble());
        } else {
          unread.add(step);
        }
      }
      return values.containsKey(step);
    }

    Localisation found(List<Long> coarse) throws X {
      for (long step : coarse) {
        read(step);
      }
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

    /** The last step that can be read: what passes only near the end is seen there. */
    private void readLast() throws X {
      int i = steps.size() - 1;
      while (i >= 0 && !read(steps.get(i))) {
        i--;
      }
    }

    /** The first step that was read and passes. */
    private OptionalLong first() {
      return values.entrySet().stream()
          .filter(e -> passes.test(e.getValue()))
          .mapToLong(Map.Entry::getKey)
          .findFirst();
    }

    /** Reads one of these, as near to the middle as can be; false when none can be read. */
    private boolean readMiddle(List<Long> between) throws X {
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
        falls += passed && !passes.test(value) ? 1 : 0;
        passed = passes.test(value);
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
