package dev.emergence.dsl.check;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.sweep.FileSymbols;
import dev.emergence.dsl.sweep.Formulas;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Condition;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.expr.Expression;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.LogLinear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a fit can be made from the conditions that it names: as far as that is known before
 * anything ran.
 */
final class FitChecks {
  private final References names;
  private final String path;
  private final FitSpec fit;

  private FitChecks(References names, String fitName, FitSpec fit) {
    this.names = names;
    this.path = "fits." + fitName;
    this.fit = fit;
  }

  static void check(References names, String fitName, FitSpec fit) {
    new FitChecks(names, fitName, fit).check();
  }

  private void check() {
    List<Condition> data = names.conditions(path + ".data", fit.data());
    List<Condition> points = names.where(path + ".where", fit.where(), data);
    Optional<Formula> formula = formula();
    ExpectChecks expect = new ExpectChecks(names, path, fit);
    expect.bounds();
    if (formula.isEmpty()) {
      return;
    }
    expect.parameters(formula.get());
    names.threshold(path + ".formula", formula.get().threshold(), data);
    Clocks.check(names, names.place(path + ".data"), points);
    boolean censored =
        fit.method() == FitSpec.Method.NONLINEAR
            && fit.unreachedOrDefault() == FitSpec.Unreached.CENSORED;
    if (censored) {
      report(
          names.place(path + ".unreached"),
          Code.E140,
          "a censored likelihood needs a formula that is linear after taking logarithms",
          "write unreached: exclude, or method: log_least_squares");
    }
    if (fit.method() == FitSpec.Method.INTERVAL && fit.times() != FitSpec.Times.EVALUATION) {
      report(
          names.place(path + ".times"),
          Code.E140,
          "method: interval uses the evaluations on both sides of a crossing, and no single time",
          "take times out, or use method: log_least_squares");
    }
    if (fit.method() != FitSpec.Method.NONLINEAR) {
      linear(formula.get(), points);
    } else {
      values(formula.get(), points);
    }
  }

  private void report(Place place, Code code, String message, String... hints) {
    names.out().report(place, code, message, hints);
  }

  private Optional<Formula> formula() {
    Node.Scalar written = names.scalar(path + ".formula");
    try {
      Formula formula = Formula.parse(fit.formula(), names.symbols()::has);
      if (formula.parameters().isEmpty()) {
        report(
            written.place(),
            Code.E130,
            "the formula has no parameters: nothing is left to fit",
            "names that are no symbols are parameters: C * d^alpha");
        return Optional.empty();
      }
      if (formula.parameters().contains("r2")) {
        report(
            written.place(),
            Code.E113,
            "'r2' cannot be a parameter",
            "expect: r2 and published: r2 speak of how well the law fits");
        return Optional.empty();
      }
      return areValues(formula, written) ? Optional.of(formula) : Optional.empty();
    } catch (ExpressionError e) {
      report(
          Formulas.inside(written, e.at(), e.length()),
          Code.E130,
          e.getMessage() + " in formula '" + Texts.shorten(fit.formula()) + "'");
      return Optional.empty();
    }
  }

  /** A name with a point in it is a path, which no condition may have; it is no parameter. */
  private boolean areValues(Formula formula, Node.Scalar written) {
    List<String> paths = new ArrayList<>(formula.symbols());
    formula.parameters().stream().filter(name -> name.contains(".")).forEach(paths::add);
    boolean all = true;
    for (String name : paths) {
      Matcher at =
          Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?![\\w.])")
              .matcher(fit.formula());
      Place place =
          at.find() ? Formulas.inside(written, at.start(), name.length()) : written.place();
      all &= names.symbol(place, name, false);
    }
    return all;
  }

  private void linear(Formula formula, List<Condition> points) {
    try {
      LogLinear linear = LogLinear.of(formula);
      List<double[]> rows = new ArrayList<>();
      for (Condition point : points) {
        Optional<Map<String, Double>> values = symbolsAt(formula, point);
        if (values.isEmpty() || !isFinite(linear, values.get())) {
          return;
        }
        rows.add(linear.row(values.get()));
      }
      if (!rows.isEmpty()) {
        identifiability(formula).terms(rows, points);
      }
    } catch (LogLinear.NotLogLinear e) {
      report(
          names.scalar(path + ".formula").place(),
          Code.E134,
          "after taking logarithms, " + e.getMessage(),
          strangers(formula),
          "write method: nonlinear to fit it all the same");
    }
  }

  /** Parameters that look like symbols of this or another task. */
  private String strangers(Formula formula) {
    for (String p : formula.parameters()) {
      boolean elsewhere = FileSymbols.isSymbolOfSomeTask(p);
      if (elsewhere) {
        return "'"
            + p
            + "' is no symbol of this task; known: "
            + String.join(" ", names.symbols().official());
      }
      Optional<String> near =
          p.length() < 3 ? Optional.empty() : Suggestions.nearest(p, names.symbols().official());
      if (near.isPresent()) {
        return "'" + p + "' is no symbol; did you mean '" + near.get() + "'?";
      }
    }
    return "names that are no symbols are parameters, here "
        + String.join(" ", formula.parameters())
        + "; symbols: "
        + String.join(" ", names.symbols().official());
  }

  private Identifiability identifiability(Formula formula) {
    return new Identifiability(names, names.scalar(path + ".formula").place(), formula);
  }

  private Optional<Map<String, Double>> symbolsAt(Formula formula, Condition point) {
    Map<String, Double> values =
        names.symbols().numbers(new LinkedHashSet<>(formula.symbols()), point.config());
    for (String symbol : formula.symbols()) {
      if (!values.containsKey(symbol)) {
        report(
            names.scalar(path + ".formula").place(),
            Code.E133,
            "'" + symbol + "' is no number in a condition of " + point.sweep(),
            "formulas compute with numbers");
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  private boolean isFinite(LogLinear linear, Map<String, Double> values) {
    double[] row = linear.row(values);
    for (int i = 0; i < row.length; i++) {
      if (!Double.isFinite(row[i])) {
        undefined(values, "the term of '" + linear.parameters().get(i) + "' is " + row[i]);
        return false;
      }
    }
    boolean finite = Double.isFinite(linear.offset(values));
    if (!finite) {
      undefined(values, "its logarithm is " + linear.offset(values));
    }
    return finite;
  }

  private void undefined(Map<String, Double> values, String what) {
    report(
        names.scalar(path + ".formula").place(),
        Code.E133,
        "the formula has no value at " + Formulas.show(values) + ": " + what,
        "leave such conditions out with where, or change the formula");
  }

  private void values(Formula formula, List<Condition> points) {
    for (Condition point : points) {
      Optional<Map<String, Double>> values = symbolsAt(formula, point);
      if (values.isEmpty()) {
        return;
      }
      Map<String, Double> all = new LinkedHashMap<>(values.get());
      formula.parameters().forEach(p -> all.put(p, 1.0));
      Expression law = formula.law();
      if (Double.isNaN(law.evaluate(all))) {
        undefined(values.get(), "it is NaN whatever the parameters");
        return;
      }
    }
    if (!points.isEmpty() && points.size() < formula.parameters().size()) {
      identifiability(formula).tooFew(points.size());
    }
  }
}
