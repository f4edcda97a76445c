package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.expr.Formula;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the conditions of a fit determine its parameters, whatever is measured.
 *
 * @param place of the formula, where a problem is reported
 */
record Identifiability(References names, Place place, Formula formula) {

  /** Reports that there are fewer conditions than parameters. */
  void tooFew(int conditions) {
    String message =
        Numeral.count(conditions, "condition")
            + " cannot identify "
            + Numeral.count(formula.parameters().size(), "parameter")
            + " ("
            + String.join(" ", formula.parameters())
            + ")";
    report(message, List.of("name more sweeps in data, or take parameters out"));
  }

  /**
   * Reports parameters whose terms depend on others in a formula that is linear after taking
   * logarithms.
   *
   * @param rows what stands beside each parameter, a row for each condition
   */
  void terms(List<double[]> rows, List<Condition> conditions) {
    if (rows.size() < formula.parameters().size()) {
      tooFew(rows.size());
      return;
    }
    Optional<Collinear.Dependence> dependence = Collinear.find(rows);
    if (dependence.isEmpty()) {
      return;
    }
    List<String> p = formula.parameters();
    String one = p.get(dependence.get().column());
    List<String> others = dependence.get().on().stream().map(p::get).toList();
    String message =
        others.isEmpty()
            ? "'" + one + "' makes no difference in any of the " + rows.size() + " conditions"
            : "the "
                + rows.size()
                + " conditions cannot tell '"
                + one
                + "' from "
                + String.join(", ", others.stream().map(o -> "'" + o + "'").toList())
                + ": their terms vary together";
    List<String> hints = new ArrayList<>(constants(conditions));
    hints.add(
        "vary the values in the term of '"
            + one
            + "' independently of the others, or join the terms");
    report(message, hints);
  }

  /** Symbols that are the same everywhere, such as B for copies where batch_size was meant. */
  private List<String> constants(List<Condition> conditions) {
    List<String> constants = new ArrayList<>();
    for (String symbol : formula.symbols()) {
      Set<Object> values =
          conditions.stream()
              .map(at -> names.symbols().value(symbol, at.config()).orElseThrow())
              .collect(Collectors.toSet());
      if (values.size() == 1) {
        String path = names.symbols().path(symbol).orElse(symbol);
        constants.add("'" + symbol + "' is " + path + ", always " + values.iterator().next());
      }
    }
    String varied =
        conditions.stream()
            .flatMap(at -> at.values().keySet().stream())
            .distinct()
            .map(names.symbols()::shortest)
            .collect(Collectors.joining(", "));
    if (!constants.isEmpty() && !varied.isEmpty()) {
      constants.add("what varies: " + varied);
    }
    return constants;
  }

  private void report(String message, List<String> hints) {
    names.out().report(place, Code.E132, message, hints.toArray(String[]::new));
  }
}
