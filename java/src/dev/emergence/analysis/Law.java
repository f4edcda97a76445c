package dev.emergence.analysis;

import dev.emergence.spec.Condition;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.Symbols;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A formula with numbers for its parameters. */
public final class Law {
  private final Formula formula;
  private final Symbols symbols;
  private final Map<String, Double> parameters;

  /**
   * @param parameters a number for each of the formula's parameters
   */
  Law(Formula formula, Symbols symbols, Map<String, Double> parameters) {
    this.formula = formula;
    this.symbols = symbols;
    this.parameters = Map.copyOf(parameters);
  }

  /**
   * The predicted time of a condition.
   *
   * @param instead values by dotted path that take the place of the condition's own, to draw a law
   *     between conditions
   * @return NaN where the formula has no value
   */
  public double at(Condition condition, Map<String, Double> instead) {
    Set<String> names = new LinkedHashSet<>(formula.symbols());
    Map<String, Double> values = new HashMap<>(symbols.numbers(names, condition.config()));
    for (String name : names) {
      Double other = instead.get(symbols.path(name).orElse(name));
      if (other != null) {
        values.put(name, other);
      }
    }
    if (!values.keySet().containsAll(names)) {
      return Double.NaN;
    }
    values.putAll(parameters);
    return formula.law().evaluate(values);
  }
}
