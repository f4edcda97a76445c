package dev.emergence.analysis;

import dev.emergence.analysis.TimesTable.Row;
import dev.emergence.analysis.TimesTable.Unusable;
import dev.emergence.fit.FitResult;
import dev.emergence.fit.Point;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.expr.Formula;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fits a formula to the times of a table. Names of the formula that are columns are its symbols,
 * all others its parameters. T_NAME is the time in the column NAME; in the table of runs that every
 * results folder has it is that of the threshold NAME.
 */
public final class TableFit {
  private static final String THRESHOLD = "threshold";
  private static final String RUN = "run";
  private static final String STATE = "state";
  private static final String EMERGENCE = "emergence";
  private static final String LAST_STEP = "last_step";

  private final TimesTable table;
  private final FitSpec spec;
  private final Columns columns;
  private final Formula formula;
  private final Map<Setting, Integer> conditions = new LinkedHashMap<>();
  private final List<Point> points = new ArrayList<>();
  private final Map<State, Integer> counts = new EnumMap<>(State.class);
  private final Map<String, Integer> seeds = new HashMap<>();

  /**
   * Columns beside the time.
   *
   * @param seed rows of equal seeds share their data; empty: each row has its own
   * @param lower the last look before the time, or by which a run without a time surely had none
   * @param last the last look at a run without a time
   */
  public record Columns(Optional<String> seed, Optional<String> lower, Optional<String> last) {}

  /**
   * What the rows of a condition have in common.
   *
   * @param symbols the values of the formula's symbols
   * @param swept what else is swept, in our own table: its points may be means over seeds alone
   */
  private record Setting(List<Double> symbols, Map<String, String> swept) {}

  private TableFit(TimesTable table, FitSpec spec, Columns columns) {
    this.table = table;
    this.spec = spec;
    this.columns = columns;
    this.formula = Formula.parse(spec.formula(), name -> table.column(name).isPresent());
  }

  /**
   * Fits.
   *
   * @param spec how; its data and where are not read
   * @throws dev.emergence.spec.expr.ExpressionError when the formula cannot be understood
   * @throws Unusable when the table has no such times, or no number where one is needed
   */
  public static FitReport of(TimesTable table, FitSpec spec, Columns columns) {
    return new TableFit(table, spec, columns).report();
  }

  private FitReport report() {
    if (formula.parameters().isEmpty()) {
      throw new Unusable("the formula has no parameters: nothing is left to fit");
    }
    String name = formula.threshold();
    if (isOurs()) {
      ofThreshold(name);
    } else if (table.column(name).isPresent()) {
      String time = table.column(name).orElseThrow();
      table.rows().forEach(row -> add(row, time, columns, State.UNREACHED));
    } else {
      throw new Unusable(
          "T_"
              + name
              + " is the time in column "
              + name
              + ", which is not there; columns: "
              + table.listed());
    }
    FitResult result = new FormulaFit(formula, spec).of(values(), points, unreached());
    return new FitReport(
        spec, result, List.of(), counts, Optional.empty(), Optional.empty(), twice());
  }

  private boolean isOurs() {
    return table.columns().containsAll(List.of(THRESHOLD, RUN, STATE, EMERGENCE));
  }

  /** Two runs of one seed and equal in all columns are probably one run. Seeds must be known. */
  private List<String> twice() {
    Set<Map<String, String>> seen = new HashSet<>();
    long again = table.rows().stream().filter(row -> !seen.add(row.cells())).count();
    if (columns.seed().isEmpty() || again == 0) {
      return List.of();
    }
    String rows = again == 1 ? "1 row is" : again + " rows are";
    return List.of(rows + " equal to another in every column, also the seed, and counted again");
  }

  private int unreached() {
    return counts.getOrDefault(State.UNREACHED, 0) + counts.getOrDefault(State.STOPPED, 0);
  }

  /** Our own table has a row for each threshold, and runs that several sweeps share more often. */
  private void ofThreshold(String name) {
    Set<String> known = new LinkedHashSet<>();
    table.rows().forEach(row -> row.text(THRESHOLD).ifPresent(known::add));
    if (!known.contains(name)) {
      throw new Unusable(
          table.name() + " has no threshold " + name + "; known: " + String.join(", ", known));
    }
    Columns own =
        new Columns(
            columns.seed(),
            columns.lower().or(() -> Optional.of("emergence_lower")),
            columns.last().or(() -> Optional.of(LAST_STEP)));
    Map<List<Object>, List<Row>> views = new LinkedHashMap<>();
    for (Row row : table.rows()) {
      if (row.text(THRESHOLD).equals(Optional.of(name))) {
        List<Object> run = List.of(row.text(RUN).orElse(""), at(row), level(row));
        see(row, views.computeIfAbsent(run, first -> new ArrayList<>()));
      }
    }
    views.values().stream().flatMap(List::stream).forEach(row -> addOurs(row, own));
  }

  private void addOurs(Row row, Columns own) {
    State state = state(row);
    if (state == State.REACHED || state == State.UNREACHED || state == State.STOPPED) {
      add(row, EMERGENCE, own, state);
    } else {
      counts.merge(state, 1, Integer::sum);
    }
  }

  /** The swept values of our own table that decide a run or the level of its threshold. */
  private Map<String, String> swept(Row row) {
    Map<String, String> out = new HashMap<>(row.cells());
    out.keySet().removeIf(c -> !c.equals("variant") && !c.contains(".") || isView(c));
    columns.seed().ifPresent(out::remove);
    out.putAll(level(row));
    return out;
  }

  /** Settings that decide how a run is looked at, not what it is. */
  private static boolean isView(String column) {
    return column.matches("(measurement\\.(thresholds|stop)\\.|training\\.max_).*");
  }

  private Map<String, String> level(Row row) {
    String level = "measurement.thresholds." + formula.threshold() + ".";
    Map<String, String> out = new HashMap<>(row.cells());
    out.keySet().removeIf(column -> !column.startsWith(level));
    return out;
  }

  /** A run counts once, as far as any sweep sees it, but once for each level that it crosses. */
  private static void see(Row row, List<Row> before) {
    for (int i = 0; i < before.size(); i++) {
      if (isOneCrossing(row, before.get(i))) {
        before.set(i, last(row) > last(before.get(i)) ? row : before.get(i));
        return;
      }
    }
    before.add(row);
  }

  /** Whether two views of a run may be of one level: the shorter one ends before the crossing. */
  private static boolean isOneCrossing(Row a, Row b) {
    double first = a.number(EMERGENCE).orElse(Double.POSITIVE_INFINITY);
    double second = b.number(EMERGENCE).orElse(Double.POSITIVE_INFINITY);
    boolean oneIsOpen = Double.isInfinite(first + second);
    return first == second || (oneIsOpen && without(a) < second && without(b) < first);
  }

  /** Until when a run surely had not crossed. */
  private static double without(Row row) {
    return row.number("emergence_lower").orElse(last(row));
  }

  private static double last(Row row) {
    return row.number(LAST_STEP).orElse(0.0);
  }

  private static State state(Row row) {
    String word = row.text(STATE).orElse("");
    try {
      return State.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Unusable("row " + row.number() + ": no state of a run, got '" + word + "'");
    }
  }

  /** The values of the formula's symbols. */
  private List<Double> at(Row row) {
    List<Double> values = new ArrayList<>();
    for (String symbol : formula.symbols()) {
      String column = table.column(symbol).orElseThrow();
      values.add(
          row.number(column)
              .orElseThrow(
                  () -> new Unusable("row " + row.number() + ": nothing stands in " + column)));
    }
    return values;
  }

  /**
   * @param without what a run without a time is
   */
  private void add(Row row, String time, Columns beside, State without) {
    if (formula.symbols().stream().anyMatch(s -> table.column(s).equals(Optional.of(time)))) {
      throw new Unusable("the time " + time + " stands on both sides of the formula");
    }
    Setting setting = new Setting(at(row), isOurs() ? swept(row) : Map.of());
    int condition = conditions.computeIfAbsent(setting, key -> conditions.size());
    Optional<Double> reached = time(row, time);
    if (reached.isPresent()) {
      double lower = beside.lower().flatMap(c -> time(row, c)).orElse(reached.get());
      if (lower > reached.get()) {
        throw new Unusable(
            "row "
                + row.number()
                + ": the last look before "
                + reached.get()
                + " came at "
                + lower);
      }
      points.add(new Point(condition, seed(row), reached.get(), false, lower));
      counts.merge(State.REACHED, 1, Integer::sum);
      return;
    }
    counts.merge(without, 1, Integer::sum);
    // Evaluations at the end that pass, but are too few, leave open whether they are a crossing.
    Optional<Double> sure = beside.lower().flatMap(column -> time(row, column));
    Optional<Double> last = sure.or(() -> beside.last().flatMap(column -> time(row, column)));
    if (last.isPresent()) {
      points.add(new Point(condition, seed(row), last.get(), true));
    } else if (spec.unreachedOrDefault() == FitSpec.Unreached.CENSORED) {
      throw new Unusable(
          "row "
              + row.number()
              + " has no time, and nothing says how long that run was looked at; name the column"
              + " that does by --last, or leave such runs out with --unreached exclude");
    }
  }

  private static Optional<Double> time(Row row, String column) {
    Optional<Double> time = row.number(column);
    if (time.isPresent() && time.get() < 0) {
      throw new Unusable(
          "row "
              + row.number()
              + ": "
              + column
              + " is a time below 0, got "
              + row.text(column).orElse(""));
    }
    return time;
  }

  private int seed(Row row) {
    String seed =
        columns
            .seed()
            .map(
                column ->
                    row.text(column)
                        .orElseThrow(
                            () -> new Unusable("row " + row.number() + " has no " + column)))
            .orElse("row " + row.number());
    return seeds.computeIfAbsent(seed, key -> seeds.size());
  }

  private List<Map<String, Double>> values() {
    List<Map<String, Double>> out = new ArrayList<>();
    for (Setting setting : conditions.keySet()) {
      Map<String, Double> named = new LinkedHashMap<>();
      for (int i = 0; i < setting.symbols().size(); i++) {
        named.put(formula.symbols().get(i), setting.symbols().get(i));
      }
      out.add(named);
    }
    return out;
  }
}
