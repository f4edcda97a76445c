package dev.emergence.spec;

import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Thresholds on many columns at once: {@code rows: {metric: test.loss.row.*, below: 0.35}} stands
 * for {@code rows.first}, passed as soon as one column passes, {@code rows.all}, passed when all
 * do, and one of its own for each column, {@code rows.3}. With {@code member: 3} it is the
 * threshold of that column alone. The columns of single heads count: {@code attention.*.entropy} is
 * of all heads, and {@code attention.1.*.entropy} of those of layer 1.
 */
final class Families {
  /** Of more columns, single ones have no threshold of their own. */
  private static final int MOST = 256;

  private Families() {}

  /** The measurement with every family written out; unchanged where there is none. */
  static MeasurementSpec expand(MeasurementSpec measurement, List<String> columns) {
    if (measurement.thresholds().values().stream().noneMatch(Families::isFamily)) {
      return measurement;
    }
    Map<String, Threshold> out = new LinkedHashMap<>();
    measurement
        .thresholds()
        .forEach(
            (name, threshold) -> {
              if (isFamily(threshold) && threshold.member().isPresent()) {
                out.put(name, on(threshold, column(threshold)));
              } else if (isFamily(threshold)) {
                members(name, threshold, columns, out);
              } else {
                out.put(name, threshold);
              }
            });
    return Defaults.change(measurement, Map.of("thresholds", out));
  }

  static boolean isFamily(Threshold threshold) {
    String metric = threshold.metric();
    return metric.indexOf('*') >= 0
        && metric.indexOf('*') == metric.lastIndexOf('*')
        && Derived.parse(metric).isEmpty();
  }

  /** The column of a family's one member. Where nothing measures it, the rules say so. */
  private static String column(Threshold family) {
    return family.metric().replace("*", String.valueOf(family.member().orElseThrow()));
  }

  private static void members(
      String name, Threshold family, List<String> columns, Map<String, Threshold> to) {
    String metric = family.metric();
    Derived any = Derived.parse("min(" + metric + ")").orElseThrow();
    List<String> taken = any.from(columns);
    if (taken.isEmpty()) {
      to.put(name, family); // The rules say that nothing measures it.
      return;
    }
    boolean below = family.below().isPresent();
    to.put(name + ".first", folded(family, below ? Derived.How.MIN : Derived.How.MAX));
    to.put(name + ".all", folded(family, below ? Derived.How.MAX : Derived.How.MIN));
    if (taken.size() <= MOST) {
      for (String column : taken) {
        String which =
            column.substring(any.before().length(), column.length() - any.after().length());
        to.put(name + "." + which, on(family, column));
      }
    }
  }

  /** Each column is compared with its own level: of a relative one it counts as a multiple. */
  private static Threshold folded(Threshold family, Derived.How how) {
    boolean relative = family.relativeTo() == Relative.INITIAL;
    Map<String, Object> changed =
        Map.of(
            "metric",
            Derived.name(how, family.metric(), relative),
            "relative_to",
            Relative.ABSOLUTE);
    return Defaults.change(family, changed);
  }

  private static Threshold on(Threshold family, String metric) {
    return Defaults.change(family, Map.of("metric", metric));
  }
}
