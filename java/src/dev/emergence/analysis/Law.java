package dev.emergence.analysis;

import dev.emergence.fit.Replicates;
import dev.emergence.spec.Condition;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.Symbols;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/** A fitted law: a formula with numbers for its parameters. */
@API(status = API.Status.MAINTAINED)
public final class Law {
  private final Formula formula;
  private final Symbols symbols;
  private final Map<String, Double> parameters;
  private final Replicates replicates;

  /**
   * @param parameters a number for each of the formula's parameters
   * @param replicates the same without each seed or point in turn
   */
  Law(Formula formula, Symbols symbols, Map<String, Double> parameters, Replicates replicates) {
    this.formula = formula;
    this.symbols = symbols;
    this.parameters = Map.copyOf(parameters);
    this.replicates = replicates;
  }

  /**
   * The time that the law predicts for a condition.
   *
   * @param condition gives the values of the formula's symbols
   * @param instead values by dotted path that replace the condition's own, to draw a law between
   *     conditions; may be empty
   * @return NaN if the formula has no value there
   */
  public double at(Condition condition, Map<String, Double> instead) {
    return evaluate(values(condition, instead), parameters);
  }

  /**
   * What else the law depends on: along a path it is the same for conditions that agree in this.
   *
   * @param path the dotted path along which it is looked at
   */
  public Map<String, Double> settings(Condition condition, String path) {
    Map<String, Double> values = values(condition, Map.of());
    values.keySet().removeIf(name -> symbols.path(name).orElse(name).equals(path));
    return values;
  }

  /** Whether {@link #band} gives intervals. */
  public boolean hasBand() {
    return !replicates.isEmpty();
  }

  /**
   * The interval of the predicted time, with the level of the fit's intervals. It is the
   * uncertainty of the law. It does not include the spread of single runs.
   *
   * @param condition gives the values of the formula's symbols
   * @param instead as for {@link #at}
   * @return lower and upper end; NaN if there is no interval
   */
  public double[] band(Condition condition, Map<String, Double> instead) {
    Map<String, Double> values = values(condition, instead);
    double middle = evaluate(values, parameters);
    double half = halfWidth(values);
    return new double[] {middle * Math.exp(-half), middle * Math.exp(half)};
  }

  /** Of the logarithm of the predicted time. */
  private double halfWidth(Map<String, Double> values) {
    if (!values.keySet().containsAll(formula.symbols())) {
      return Double.NaN;
    }
    // One map for all: each law has a number for every parameter. A large fit has a law a point.
    Map<String, Double> all = new HashMap<>(values);
    return replicates.halfWidth(
        law -> {
          all.putAll(law);
          return Math.log(formula.law().evaluate(all));
        });
  }

  private Map<String, Double> values(Condition condition, Map<String, Double> instead) {
    Set<String> names = new LinkedHashSet<>(formula.symbols());
    Map<String, Double> values = new HashMap<>(symbols.numbers(names, condition.config()));
    for (String name : names) {
      Double other = instead.get(symbols.path(name).orElse(name));
      if (other != null) {
        values.put(name, other);
      }
    }
    return values;
  }

  private double evaluate(Map<String, Double> values, Map<String, Double> law) {
    if (!values.keySet().containsAll(formula.symbols())) {
      return Double.NaN;
    }
    Map<String, Double> all = new HashMap<>(values);
    all.putAll(law);
    return formula.law().evaluate(all);
  }
}
