package dev.emergence.dsl.check;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.sweep.Formulas;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.expr.Formula;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the numbers that a fit is held to, or compared with, can be. */
final class ExpectChecks {
  private final References names;
  private final String path;
  private final FitSpec fit;

  /** For the fit at {@code path}. */
  ExpectChecks(References names, String path, FitSpec fit) {
    this.names = names;
    this.path = path;
    this.fit = fit;
  }

  private void report(Place place, Code code, String message, String... hints) {
    names.out().report(place, code, message, hints);
  }

  /** Names in expect and published are parameters, or r2. */
  void parameters(Formula formula) {
    Set<String> wanted = new LinkedHashSet<>(fit.expect().keySet());
    wanted.addAll(fit.published().keySet());
    List<String> free = formula.parameters().stream().filter(p -> !wanted.contains(p)).toList();
    for (String name : wanted) {
      if (name.equals("r2") || formula.parameters().contains(name)) {
        continue;
      }
      String section = fit.expect().containsKey(name) ? "expect" : "published";
      Optional<String> near = Suggestions.nearest(name, free);
      if (near.isPresent()) {
        Node.Scalar written = names.scalar(path + ".formula");
        Place place =
            Formulas.inside(written, written.text().indexOf(near.get()), near.get().length());
        String message =
            "'"
                + near.get()
                + "' in formula '"
                + Texts.shorten(fit.formula())
                + "' is neither a symbol nor used in "
                + section;
        report(place, Code.E131, message, "did you mean '" + name + "', as in " + section + "?");
      } else {
        String hint =
            names.symbols().has(name)
                ? "'" + name + "' is a symbol, not a parameter"
                : "its parameters are " + String.join(" ", formula.parameters());
        report(
            names.key(path + "." + section + "." + name),
            Code.E131,
            section + " names '" + Texts.shorten(name) + "', which the formula does not have",
            hint);
      }
    }
  }

  /** Each expectation has a bound, and a whole one. */
  void bounds() {
    fit.expect()
        .forEach(
            (name, e) -> {
              String at = path + ".expect." + name;
              if (e.near().isPresent() != e.within().isPresent()) {
                report(
                    names.key(at),
                    Code.E152,
                    "near and within go together in " + at,
                    "{near: 1.29, within: 0.15}");
              } else if (e.near().isEmpty() && e.atLeast().isEmpty() && e.atMost().isEmpty()) {
                report(
                    names.key(at),
                    Code.E152,
                    at + " expects nothing",
                    "{near: 1.29, within: 0.15}, or {at_least: 0.98}");
              } else if (e.atLeast().isPresent()
                  && e.atMost().isPresent()
                  && e.atLeast().get() > e.atMost().get()) {
                report(names.key(at), Code.E152, "at_least is above at_most in " + at);
              }
            });
  }
}
