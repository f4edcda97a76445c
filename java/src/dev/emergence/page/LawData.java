package dev.emergence.page;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Law;
import dev.emergence.analysis.Met;
import dev.emergence.analysis.Summary;
import dev.emergence.analysis.Value;
import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitOptions;
import dev.emergence.fit.FitResult;
import dev.emergence.spec.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fitted laws with their points and lines, for a browser: all numbers come from here. */
final class LawData {
  private static final String R2 = "r2";
  private static final int LINE_POINTS = 24;
  private static final int MOST_LINES = 40;

  private final Analysis analysis;

  LawData(Analysis analysis) {
    this.analysis = analysis;
  }

  List<Object> all() {
    List<Object> out = new ArrayList<>();
    analysis.fits().forEach((name, report) -> out.add(one(name, report)));
    return out;
  }

  private Map<String, Object> one(String name, FitReport report) {
    List<Cell> cells = analysis.cells(report.spec());
    String of = of(report, cells);
    Map<String, Object> parameters = new LinkedHashMap<>();
    Object r2 = null;
    String level = "";
    String reason = "";
    if (report.result() instanceof FitResult.Fitted fitted) {
      fitted.parameters().forEach((p, e) -> parameters.put(p, estimate(p, e, report)));
      r2 = fitted.r2();
      level = FitOptions.percent(fitted.interval().level());
    } else if (report.result() instanceof FitResult.Refused refused) {
      reason = refused.reason();
    }
    report
        .spec()
        .published()
        .forEach(
            (p, v) -> {
              if (!p.equals(R2)) {
                parameters.putIfAbsent(p, Trees.of("published", v));
              }
            });
    List<String> axes = axes(cells);
    return Trees.of(
        "name", name,
        "formula", report.spec().formula(),
        "parameters", parameters,
        "r2", r2,
        "published_r2", report.spec().published().get(R2),
        "level", level,
        "reason", reason,
        "notes", notes(report),
        "of", of,
        "axes", axes,
        "points", cells.stream().map(c -> point(c, of, axes, report.law())).toList(),
        "lines", lines(report, cells, axes),
        "expect",
            report.isJudged()
                ? report.expectations().stream().map(LawData::met).toList()
                : List.of());
  }

  /** Which runs do not enter, and what a reader should know, as the report has it. */
  private static List<String> notes(FitReport report) {
    List<String> out = new ArrayList<>(report.leftOut());
    out.addAll(report.notes());
    return out;
  }

  /**
   * What the formula's left side is: {@code plateau.steps}, of gradient flows {@code plateau.time}.
   */
  private static String of(FitReport report, List<Cell> cells) {
    String left = report.spec().formula().split("=")[0].strip();
    boolean flow =
        cells.stream().anyMatch(c -> c.condition().config().training().optimizer().inTime());
    return left.startsWith("T_") ? left.substring(2) + (flow ? ".time" : ".steps") : left;
  }

  private static Map<String, Object> estimate(String name, Estimate e, FitReport report) {
    return Trees.of(
        "value", e.value(),
        "lower", e.lower(),
        "upper", e.upper(),
        "published", report.spec().published().get(name));
  }

  private static Map<String, Object> met(Met met) {
    return Trees.of("name", met.name(), "value", met.value(), "holds", met.holds());
  }

  /** Swept paths that take several numbers. */
  private static List<String> axes(List<Cell> cells) {
    Map<String, Set<Object>> values = new LinkedHashMap<>();
    for (Cell cell : cells) {
      cell.condition()
          .values()
          .forEach((path, v) -> values.computeIfAbsent(path, p -> new LinkedHashSet<>()).add(v));
    }
    values.values().removeIf(v -> v.size() < 2 || !v.stream().allMatch(Number.class::isInstance));
    return List.copyOf(values.keySet());
  }

  /** Each value is {@code [number, 1 where it is censored, ln(number / law)]}. */
  private static Map<String, Object> point(
      Cell cell, String of, List<String> axes, Optional<Law> law) {
    Summary s = cell.summary(of);
    double predicted = law.map(l -> l.at(cell.condition(), Map.of())).orElse(Double.NaN);
    List<Object> values = new ArrayList<>();
    for (Value value : cell.values(of)) {
      double residual = Math.log(value.number() / predicted);
      List<Object> one = new ArrayList<>(List.of(value.number(), value.censored() ? 1 : 0));
      one.add(Double.isFinite(residual) ? residual : null);
      values.add(one);
    }
    return Trees.of(
        "sweep", cell.condition().sweep(),
        "condition", cell.index(),
        "x", only(cell.condition(), axes),
        "mean", s.mean(),
        "std", s.std(),
        "law", Double.isFinite(predicted) ? predicted : null,
        "values", values,
        "unreached", s.censored(),
        "seeds", s.seeds());
  }

  private static Map<String, Object> only(Condition condition, List<String> axes) {
    Map<String, Object> out = new LinkedHashMap<>();
    axes.stream()
        .filter(condition.values()::containsKey)
        .forEach(path -> out.put(path, condition.values().get(path)));
    return out;
  }

  /**
   * For each axis and setting of the others: the law and the published one between the ends. What
   * variants and sweeps set beside their axes may make several lines of one setting.
   */
  private List<Object> lines(FitReport report, List<Cell> cells, List<String> axes) {
    List<Object> out = new ArrayList<>();
    for (String axis : axes) {
      Map<Group, List<Cell>> groups = new LinkedHashMap<>();
      for (Cell cell : cells) {
        Map<String, Object> others = only(cell.condition(), axes);
        if (others.remove(axis) != null) {
          Group group = new Group(others, settings(report, cell, axis));
          groups.computeIfAbsent(group, o -> new ArrayList<>()).add(cell);
        }
      }
      groups.forEach(
          (group, members) -> {
            if (out.size() < MOST_LINES) {
              out.add(line(report, axis, group.others(), members));
            }
          });
    }
    return out;
  }

  /** Conditions that have one line: equal on the other axes, and in what the law depends on. */
  private record Group(Map<String, Object> others, Map<String, Double> settings) {}

  private static Map<String, Double> settings(FitReport report, Cell cell, String axis) {
    return report
        .law()
        .or(report::published)
        .map(law -> law.settings(cell.condition(), axis))
        .orElse(Map.of());
  }

  private static Map<String, Object> line(
      FitReport report, String axis, Map<String, Object> others, List<Cell> members) {
    double[] ends =
        members.stream()
            .mapToDouble(c -> ((Number) c.condition().values().get(axis)).doubleValue())
            .sorted()
            .toArray();
    double low = ends[0];
    double high = ends[ends.length - 1];
    List<Object> x = new ArrayList<>();
    for (int i = 0; i < LINE_POINTS; i++) {
      double share = i / (LINE_POINTS - 1.0);
      x.add(low > 0 ? low * Math.pow(high / low, share) : low + share * (high - low));
    }
    Condition condition = members.get(0).condition();
    List<double[]> band = band(report.law(), condition, axis, x);
    return Trees.of(
        "axis", axis,
        "others", others,
        "x", x,
        "y", along(report.law(), condition, axis, x),
        "low", end(band, 0),
        "high", end(band, 1),
        "published", along(report.published(), condition, axis, x));
  }

  /** The law's own intervals; empty where it has none. */
  private static List<double[]> band(
      Optional<Law> law, Condition condition, String axis, List<Object> x) {
    return law.filter(Law::hasBand)
        .map(l -> x.stream().map(v -> l.band(condition, Map.of(axis, (Double) v))).toList())
        .orElse(List.of());
  }

  /** One end of all intervals; null where one of them has none. */
  private static Object end(List<double[]> band, int end) {
    List<Object> out = band.stream().map(ends -> (Object) ends[end]).toList();
    boolean whole = !out.isEmpty() && out.stream().allMatch(v -> Double.isFinite((Double) v));
    return whole ? out : null;
  }

  private static Object along(Optional<Law> law, Condition condition, String axis, List<Object> x) {
    return law.map(
            l -> x.stream().map(v -> (Object) l.at(condition, Map.of(axis, (Double) v))).toList())
        .orElse(null);
  }
}
