package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.FitReport;
import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitOptions;
import dev.emergence.fit.FitResult;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.SweepSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes tables for a paper, for use with {@code \input}. They need the LaTeX package {@code
 * booktabs}. The numbers are those of the report.
 */
public final class Latex {
  private final Analysis analysis;
  private final Names names;

  private Latex(Analysis analysis) {
    this.analysis = analysis;
    this.names = new Names(analysis.symbols());
  }

  /**
   * A table of the fitted laws. Each parameter has a row, with its interval and the published
   * number.
   */
  public static String laws(Analysis analysis) {
    return new Latex(analysis).laws();
  }

  /**
   * Tables of emergence times, one for each sweep. Each condition has a row, with mean and standard
   * deviation over seeds.
   */
  public static String emergence(Analysis analysis) {
    return new Latex(analysis).emergence();
  }

  private String laws() {
    boolean published =
        analysis.fits().values().stream().anyMatch(f -> !f.spec().published().isEmpty());
    Set<Double> levels = new LinkedHashSet<>();
    analysis.fits().values().forEach(fit -> level(fit).ifPresent(levels::add));
    String level = levels.size() == 1 ? percent(levels.iterator().next()) + " " : "";
    List<String> head =
        new ArrayList<>(List.of("law", "parameter", "estimate", level + "interval"));
    if (published) {
      head.add("published");
    }
    List<List<String>> rows = new ArrayList<>();
    analysis
        .fits()
        .forEach((name, fit) -> rows.addAll(law(name, fit, published, levels.size() > 1)));
    return table("% Laws", "ll" + "r".repeat(head.size() - 2), head, rows);
  }

  /** The level of a law's intervals, if it has any. */
  private static Optional<Double> level(FitReport fit) {
    return fit.result() instanceof FitResult.Fitted fitted
            && fitted.parameters().values().stream().anyMatch(Estimate::hasInterval)
        ? Optional.of(fitted.interval().level())
        : Optional.empty();
  }

  private static String percent(double level) {
    return escape(FitOptions.percent(level));
  }

  /**
   * @param levels whether the laws' intervals are of several levels, so that each says its own
   */
  private List<List<String>> law(String name, FitReport fit, boolean published, boolean levels) {
    List<List<String>> rows = new ArrayList<>();
    if (!(fit.result() instanceof FitResult.Fitted fitted)) {
      String reason = ((FitResult.Refused) fit.result()).reason();
      List<String> row =
          new ArrayList<>(List.of(escape(name), "no law: " + escape(reason), "", ""));
      rows.add(published ? with(row, "") : row);
      return rows;
    }
    String first = escape(name);
    for (Map.Entry<String, Estimate> p : fitted.parameters().entrySet()) {
      Estimate e = p.getValue();
      String own = levels ? " (" + percent(fitted.interval().level()) + ")" : "";
      String interval =
          e.hasInterval() ? number(e.lower()) + " to " + number(e.upper()) + own : "--";
      List<String> row =
          new ArrayList<>(List.of(first, symbol(p.getKey()), number(e.value()), interval));
      rows.add(published ? with(row, published(fit, p.getKey())) : row);
      first = "";
    }
    List<String> quality =
        new ArrayList<>(List.of(first, "$R^2$", escape(Laws.r2(fitted.r2())), ""));
    rows.add(published ? with(quality, published(fit, "r2")) : quality);
    return rows;
  }

  private static List<String> with(List<String> row, String last) {
    row.add(last);
    return row;
  }

  private static String published(FitReport fit, String name) {
    return Optional.ofNullable(fit.spec().published().get(name)).map(Latex::number).orElse("");
  }

  private String emergence() {
    StringBuilder out = new StringBuilder();
    for (SweepSpec sweep : analysis.experiment().sweeps().values()) {
      List<Cell> cells = analysis.cells(sweep.name());
      Set<String> thresholds = new LinkedHashSet<>();
      cells.forEach(
          c -> thresholds.addAll(c.condition().config().measurement().thresholds().keySet()));
      if (!cells.isEmpty() && !thresholds.isEmpty()) {
        out.append(out.isEmpty() ? "" : "\n").append(sweep(sweep, cells, thresholds));
      }
    }
    return out.toString();
  }

  private String sweep(SweepSpec sweep, List<Cell> cells, Set<String> thresholds) {
    boolean variants = cells.stream().anyMatch(c -> !c.condition().variant().isEmpty());
    String time = Names.times(cells);
    List<String> head = new ArrayList<>();
    if (variants) {
      head.add("variant");
    }
    sweep.axes().keySet().forEach(path -> head.add(symbol(names.shortest(path))));
    int settings = head.size();
    for (String threshold : thresholds) {
      head.add(escape(threshold.replace('_', ' ')) + " (" + time + ")");
      head.add("reached");
    }
    List<List<String>> rows = new ArrayList<>();
    for (Cell cell : cells) {
      List<String> row = new ArrayList<>();
      if (variants) {
        row.add(escape(cell.condition().variant()));
      }
      for (String path : sweep.axes().keySet()) {
        Object value = cell.condition().values().get(path);
        row.add(
            value instanceof Number
                ? formula(Names.value(value).replace('−', '-'))
                : escape(text(value)));
      }
      thresholds.forEach(threshold -> times(cell, threshold, row));
      rows.add(row);
    }
    String columns = "l".repeat(settings) + "r".repeat(head.size() - settings);
    return table("% Emergence: sweep " + sweep.name(), columns, head, rows);
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString();
  }

  private static void times(Cell cell, String threshold, List<String> row) {
    if (!cell.condition().config().measurement().thresholds().containsKey(threshold)) {
      row.add("");
      row.add("");
      return;
    }
    Center center = Center.meanTime(cell, threshold);
    row.add(
        switch (center.kind()) {
          case ALL -> "$" + Laws.mean(cell.summary(threshold + ".steps"), " \\pm ") + "$";
          case SOME -> "$" + Laws.time(center.value()) + "$ (median)";
          case AT_LEAST -> "$> " + Laws.time(center.value()) + "$";
          case NONE -> "--";
        });
    row.add(Center.reached(cell, threshold));
  }

  private static String table(
      String comment, String columns, List<String> head, List<List<String>> rows) {
    StringBuilder out = new StringBuilder(comment).append("; needs \\usepackage{booktabs}\n");
    out.append("\\begin{tabular}{").append(columns).append("}\n\\toprule\n");
    out.append(String.join(" & ", head)).append(" \\\\\n\\midrule\n");
    rows.forEach(row -> out.append(String.join(" & ", row)).append(" \\\\\n"));
    return out.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  /** Four digits, with powers of ten as formulas. */
  static String number(double value) {
    return formula(Laws.number(value));
  }

  /** A number as readers have it, with powers of ten as formulas. */
  private static String formula(String text) {
    int at = text.lastIndexOf("10"); // 1.105·10⁻³ has another one
    boolean power = text.codePoints().anyMatch(c -> "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".indexOf(c) >= 0);
    if (!power) {
      return text.equals("–") ? "--" : text.startsWith("-") ? "$" + text + "$" : text;
    }
    String exponent = text.substring(at + 2);
    StringBuilder digits = new StringBuilder();
    exponent
        .codePoints()
        .forEach(c -> digits.append("0123456789-".charAt("⁰¹²³⁴⁵⁶⁷⁸⁹⁻".indexOf(c))));
    String factor = text.substring(0, at).replace("·", "\\cdot ").replace('−', '-');
    return "$" + factor + "10^{" + digits + "}$";
  }

  /** A symbol as a formula: {@code N_pairs} with its index upright, Greek names as letters. */
  private static String symbol(String name) {
    RichText rich = RichText.symbol(name);
    boolean letter = rich.spans().get(0).italic();
    if (!letter) {
      return escape(name.replace('_', ' '));
    }
    String[] parts = name.split("_", 2);
    String head = parts[0].length() > 1 ? "\\" + parts[0] : parts[0];
    return parts.length == 1
        ? "$" + head + "$"
        : "$" + head + "_{\\mathrm{" + escape(parts[1].replace('_', ' ')) + "}}$";
  }

  /** Text in which nothing is a command of LaTeX. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '\\' -> out.append("\\textbackslash{}");
        case '~' -> out.append("\\textasciitilde{}");
        case '^' -> out.append("\\textasciicircum{}");
        case '&', '%', '$', '#', '_', '{', '}' -> out.append('\\').append(c);
        case '–' -> out.append("--");
        case '<', '>' -> out.append('$').append(c).append('$');
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
