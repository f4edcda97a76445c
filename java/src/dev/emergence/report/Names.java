package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What things are called on axes, in legends and in tables. */
final class Names {
  private static final Map<String, RichText> QUANTITIES =
      Map.ofEntries(
          Map.entry("delta_a", RichText.plain("Δ").then(RichText.symbol("a"))),
          Map.entry("w_inf", RichText.symbol("w").then(RichText.lowered("∞"))),
          Map.entry("w_tilde", RichText.symbol("w̃")),
          Map.entry("w_tilde_inf", RichText.symbol("w̃").then(RichText.lowered("∞"))),
          Map.entry("hessian_min", RichText.plain("Hessian ").then(RichText.symbol("lambda_min"))),
          Map.entry("hessian_max", RichText.plain("Hessian ").then(RichText.symbol("lambda_max"))));

  /** What settings are called where their path says too little. */
  private static final Map<String, String> MEANINGS =
      Map.of(
          "task.dim", "dimension",
          "task.pairs", "pairs",
          "task.tokens", "vocabulary size",
          "repetition.in_context", "copies in context",
          "repetition.cross_sample", "cross-sample repetition");

  /** Symbols of files that are words themselves, and no letters of the papers. */
  private static final Set<String> WORDS = Set.of("lr", "layers", "heads", "head_dim");

  private static final Map<String, String> ATTENTION =
      Map.of(
          "relevant", "attention on relevant tokens",
          "entropy", "attention entropy (nats)",
          "value_to_key", "attention of the value on its key",
          "query_to_value", "attention of the query on the value",
          "previous", "attention of each token on what it follows");

  private final Symbols symbols;

  Names(Symbols symbols) {
    this.symbols = symbols;
  }

  /** A symbol as the papers write it, or the last word of a path. */
  RichText of(String name) {
    return RichText.symbol(shortest(name));
  }

  /** A setting on an axis: what it is, and its symbol. */
  RichText axis(String name) {
    String path = symbols.path(name).orElse(name);
    String last = path.substring(path.lastIndexOf('.') + 1);
    String meaning = MEANINGS.getOrDefault(path, last.replace('_', ' '));
    String symbol = shortest(name);
    boolean same = symbol.equals(last) || symbol.replace('_', ' ').equals(meaning);
    boolean word = WORDS.contains(symbol);
    if (!same && path.startsWith("measurement.")) {
      // Keys of a threshold say little without its name; the file's own word says more.
      return RichText.symbol(symbol);
    }
    return same || word
        ? RichText.plain(meaning)
        : RichText.plain(meaning + " ").then(RichText.symbol(symbol));
  }

  /** The shortest name of a path: its symbol if it has one, else its last segment. */
  String shortest(String name) {
    return symbols.shortest(name);
  }

  /** A column on an axis, with its unit. */
  static RichText column(String column, RunConfig config) {
    boolean isTime = Observation.thresholdOf(column).isPresent();
    return isTime ? column(column).then(" (" + time(config) + ")") : column(column);
  }

  /** The same without its unit. */
  static RichText column(String column) {
    return Observation.thresholdOf(column)
        .map(name -> name.equals("plateau") ? "plateau length" : name.replace('_', ' '))
        .map(RichText::plain)
        .orElseGet(() -> metric(column));
  }

  /** A recorded metric: {@code test.loss} is "test loss". */
  static RichText metric(String column) {
    if (column.startsWith("attention.")) {
      String[] parts = column.split("\\.");
      String last = parts[parts.length - 1];
      String where = parts.length == 4 ? " (layer " + parts[1] + ", head " + parts[2] + ")" : "";
      String what = ATTENTION.getOrDefault(last, "attention " + last.replace('_', ' '));
      return RichText.plain(what + where);
    }
    return QUANTITIES.containsKey(column)
        ? QUANTITIES.get(column)
        : column.contains(".") ? words(column) : RichText.symbol(column);
  }

  /** A recorded metric, of the leading head where it names none and is not drawn for all. */
  static RichText metric(String column, int columns) {
    boolean leading = column.equals("attention.relevant") && columns == 1;
    return leading ? metric(column).then(" (leading head)") : metric(column);
  }

  private static RichText words(String column) {
    return RichText.plain(column.replace('.', ' ').replace('_', ' '));
  }

  /** A prediction or curve of the theory in a legend. */
  static RichText theory(String name) {
    return RichText.plain("theory: " + name.replace('_', ' '));
  }

  /** What training is counted in. */
  static String time(RunConfig config) {
    return config.training().optimizer().inTime() ? "time" : "steps";
  }

  /** What trainings are counted in, which may differ among them. */
  static String times(List<Cell> cells) {
    return cells.stream()
        .map(cell -> time(cell.condition().config()))
        .distinct()
        .sorted()
        .collect(Collectors.joining(" or "));
  }

  /** A simple value as a reader wants it: whole numbers with all their digits. */
  static String value(Object value) {
    if (!(value instanceof Number n)) {
      return spelled(value);
    }
    double number = n.doubleValue();
    return number == Math.rint(number)
        ? Numeral.setting(number)
        : RichText.ofNumber(number).typeset();
  }

  /** A simple value as files spell it. */
  static String spelled(Object value) {
    return value instanceof Number n && Double.isFinite(n.doubleValue())
        ? CanonicalJson.of(value)
        : String.valueOf(value);
  }

  /** A simple value on a legend. */
  static RichText rich(Object value) {
    return value instanceof Number n
        ? RichText.ofNumber(n.doubleValue())
        : RichText.plain(String.valueOf(value));
  }

  /** A condition by its swept values: {@code d = 16, T = 8}. */
  RichText condition(Cell cell, Set<String> except) {
    return condition(cell, except, List.of(cell));
  }

  /** The same among others, beside which each number has one spelling. */
  RichText condition(Cell cell, Set<String> except, List<Cell> others) {
    List<RichText> parts = new ArrayList<>();
    if (!cell.condition().variant().isEmpty() && !except.contains("variant")) {
      parts.add(RichText.plain(cell.condition().variant()));
    }
    cell.condition()
        .values()
        .forEach(
            (path, value) -> {
              if (!except.contains(path)) {
                boolean powers = others.stream().anyMatch(other -> isPower(other, path));
                parts.add(
                    of(path)
                        .then(" = ")
                        .then(
                            powers && value instanceof Number n
                                ? RichText.asPower(n.doubleValue())
                                : rich(value)));
              }
            });
    RichText all = RichText.EMPTY;
    for (RichText part : parts) {
      all = all.isEmpty() ? part : all.then(", ").then(part);
    }
    return all;
  }

  private static boolean isPower(Cell cell, String path) {
    return cell.condition().values().get(path) instanceof Number n
        && !Numeral.isPlain(Math.abs(n.doubleValue()));
  }
}
