package dev.emergence.analysis;

import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import dev.emergence.result.Disk;
import dev.emergence.spec.expr.Paths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A sweep's conditions, a row each: for every threshold how many seeds crossed it, and mean and
 * standard deviation of the crossing over those, in steps (time for a gradient flow). As {@code
 * tables/conditions.csv} for programs, and as LaTeX with the rules of the package booktabs for
 * papers.
 */
public final class ConditionTable {
  private static final List<String> FIXED =
      List.of("sweep", "condition", "variant", "threshold", "seeds", "reached", "mean", "std");

  private ConditionTable() {}

  /** {@code conditions.csv}: a row for each condition and threshold, swept values last. */
  public static Disk.Content csv(Analysis analysis) {
    List<String> paths =
        analysis.experiment().sweeps().values().stream()
            .flatMap(sweep -> sweep.axes().keySet().stream())
            .distinct()
            .toList();
    StringBuilder out = new StringBuilder();
    List<Object> header = new ArrayList<>(FIXED);
    header.addAll(paths);
    out.append(Csv.line(header));
    for (String sweep : analysis.experiment().sweeps().keySet()) {
      for (Cell cell : analysis.cells(sweep)) {
        for (String threshold : thresholds(cell)) {
          List<Object> row =
              new ArrayList<>(List.of(sweep, cell.index(), cell.condition().variant()));
          Summary summary = crossings(cell, threshold);
          row.addAll(
              List.of(threshold, summary.seeds(), summary.known(), summary.mean(), summary.std()));
          paths.forEach(path -> row.add(Paths.value(cell.condition().config(), path).orElse(null)));
          out.append(Csv.line(row));
        }
      }
    }
    return text(out.toString());
  }

  private static List<String> thresholds(Cell cell) {
    return List.copyOf(cell.condition().config().measurement().thresholds().keySet());
  }

  private static Summary crossings(Cell cell, String threshold) {
    return cell.summary(threshold + ".steps");
  }

  /** LaTeX files by name: one a sweep, and {@code fits.tex} where there are laws. */
  public static Map<String, Disk.Content> latex(Analysis analysis) {
    Map<String, Disk.Content> out = new LinkedHashMap<>();
    analysis
        .experiment()
        .sweeps()
        .keySet()
        .forEach(sweep -> out.put(sweep + ".tex", text(sweep(analysis, sweep))));
    if (!analysis.fits().isEmpty()) {
      out.put("fits.tex", text(fits(analysis)));
    }
    return out;
  }

  private static String sweep(Analysis analysis, String sweep) {
    List<Cell> cells = analysis.cells(sweep);
    List<String> axes = List.copyOf(analysis.experiment().sweeps().get(sweep).axes().keySet());
    boolean variants = cells.stream().anyMatch(c -> !c.condition().variant().isEmpty());
    List<String> header = new ArrayList<>();
    if (variants) {
      header.add("variant");
    }
    axes.forEach(path -> header.add(escaped(path)));
    List<String> thresholds =
        cells.stream().flatMap(c -> thresholds(c).stream()).distinct().toList();
    thresholds.forEach(name -> header.add(escaped(name)));
    List<List<String>> rows = new ArrayList<>();
    for (Cell cell : cells) {
      List<String> row = new ArrayList<>();
      if (variants) {
        row.add(escaped(cell.condition().variant()));
      }
      for (String path : axes) {
        Object value = Paths.value(cell.condition().config(), path).orElse("");
        row.add(value instanceof Number n ? "$" + number(n.doubleValue()) + "$" : escaped(value));
      }
      thresholds.forEach(name -> row.add(crossing(cell, name)));
      rows.add(row);
    }
    return tabular(
        "Mean and standard deviation over seeds that crossed; in brackets how many, where not all.",
        header,
        rows);
  }

  private static String crossing(Cell cell, String threshold) {
    if (!thresholds(cell).contains(threshold)) {
      return "";
    }
    Summary s = crossings(cell, threshold);
    String some = s.complete() ? "" : " (" + s.known() + "/" + s.seeds() + ")";
    if (s.known() == 0) {
      return "---" + some;
    }
    String spread = Double.isNaN(s.std()) ? "" : " \\pm " + number(s.std());
    return "$" + number(s.mean()) + spread + "$" + some;
  }

  private static String fits(Analysis analysis) {
    List<List<String>> rows = new ArrayList<>();
    analysis
        .fits()
        .forEach(
            (name, fit) -> {
              if (fit.result() instanceof FitResult.Fitted law) {
                law.parameters().forEach((p, e) -> rows.add(parameter(name, p, e)));
                rows.add(List.of(escaped(name), "$R^2$", "$" + number(law.r2()) + "$", ""));
              }
            });
    return tabular(
        "Fitted laws with their intervals.",
        List.of("law", "parameter", "estimate", "interval"),
        rows);
  }

  private static List<String> parameter(String fit, String name, Estimate e) {
    String interval =
        e.hasInterval() ? "$[" + number(e.lower()) + ", " + number(e.upper()) + "]$" : "";
    return List.of(escaped(fit), escaped(name), "$" + number(e.value()) + "$", interval);
  }

  private static String tabular(String comment, List<String> header, List<List<String>> rows) {
    StringBuilder out = new StringBuilder("% " + comment + " Needs \\usepackage{booktabs}.\n");
    out.append("\\begin{tabular}{").append("l".repeat(header.size())).append("}\n\\toprule\n");
    out.append(String.join(" & ", header)).append(" \\\\\n\\midrule\n");
    rows.forEach(row -> out.append(String.join(" & ", row)).append(" \\\\\n"));
    return out.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  /** At most four digits that count; powers of ten where there are many. */
  private static String number(double x) {
    if (!Double.isFinite(x)) {
      return "\\mathrm{" + x + "}";
    }
    if (x == Math.rint(x) && Math.abs(x) < 1e6) {
      return Long.toString((long) x);
    }
    String text = String.format(Locale.ROOT, "%.4g", x);
    int e = text.indexOf('e');
    return e < 0
        ? text
        : text.substring(0, e) + " \\times 10^{" + Integer.parseInt(text.substring(e + 1)) + "}";
  }

  private static String escaped(Object value) {
    return value
        .toString()
        .replace("\\", "\\textbackslash ")
        .replaceAll("([_%&#$])", "\\\\$1")
        .replace("{", "\\{")
        .replace("}", "\\}")
        .replace("^", "\\^{}")
        .replace("~", "\\~{}");
  }

  private static Disk.Content text(String text) {
    return Disk.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
