package dev.emergence.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which values are shown: numbers by size, words as the file has them, and before all
 * what {@code order:} names.
 */
record Ordering(List<String> first) {
  static Ordering of(List<String> order) {
    return new Ordering(order);
  }

  List<Object> sorted(List<Object> values) {
    List<Object> out = new ArrayList<>(values);
    if (out.stream().allMatch(Number.class::isInstance)) {
      out.sort(Comparator.comparingDouble(v -> ((Number) v).doubleValue()));
    }
    // The sort is stable: what is not named stays in its order, at the end.
    out.sort(Comparator.comparingInt(this::place));
    return out;
  }

  private int place(Object value) {
    for (int i = 0; i < first.size(); i++) {
      if (Names.spelled(value).equals(first.get(i)) || same(value, first.get(i))) {
        return i;
      }
    }
    return Integer.MAX_VALUE;
  }

  /** {@code 1e-4} and {@code 0.0001} are one number. */
  static boolean same(Object value, String written) {
    try {
      return value instanceof Number n && n.doubleValue() == Double.parseDouble(written);
    } catch (NumberFormatException word) {
      return false;
    }
  }
}
