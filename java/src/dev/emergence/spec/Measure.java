package dev.emergence.spec;

import java.util.List;

/**
 * One kind of number that is measured on each test set at each evaluation. Its columns follow from
 * the configuration alone, so that a file is checked before a device is touched; how it is computed
 * is the affair of its probe.
 *
 * <p>Measures are found by {@link java.util.ServiceLoader}: one class, and one line in {@code
 * META-INF/services/dev.emergence.spec.Measure}.
 */
public interface Measure {

  /**
   * The columns on one test set, whole names: {@code test.loss}, {@code test.loss.row.3}. Empty
   * where there is nothing of this kind to measure.
   */
  List<String> columns(Parts parts, String testSet);

  /** All that are known, in the order of their lists. */
  static List<Measure> all() {
    return Extensions.measures();
  }
}
