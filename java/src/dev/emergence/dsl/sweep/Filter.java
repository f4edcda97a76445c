package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.KnownPaths;
import dev.emergence.dsl.bind.Lookup;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.bind.SweepFile;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.expr.Criterion;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A sweep's {@code when} and {@code exclude}. */
final class Filter {
  /** One condition on conditions, with its place. */
  private record Part(Criterion test, boolean wanted, Node.Scalar written) {}

  private final Diagnostics out;
  private final Node.Mapping tree;
  private final SweepFile sweep;
  private final Symbols symbols;
  private final List<Part> parts = new ArrayList<>();
  private boolean whole = true;

  private Filter(Diagnostics out, Node.Mapping tree, SweepFile sweep) {
    this.out = out;
    this.tree = tree;
    this.sweep = sweep;
    this.symbols = FileSymbols.of(tree);
  }

  /** Empty after a report, and when the task is unknown and so are its symbols. */
  static Optional<Filter> of(Diagnostics out, Node.Mapping tree, SweepFile sweep, String name) {
    Filter filter = new Filter(out, tree, sweep);
    if (sweep.when().isEmpty() && sweep.exclude().isEmpty()) {
      return Optional.of(filter);
    }
    if (!FileSymbols.knowTask(tree)) {
      return Optional.empty();
    }
    // By its keys, not by a path: the name may have dots, which is reported elsewhere.
    Node.Mapping written = (Node.Mapping) ((Node.Mapping) tree.get("sweeps")).get(name);
    sweep.when().ifPresent(text -> filter.add((Node.Scalar) written.get("when"), true));
    sweep.exclude().ifPresent(text -> filter.add((Node.Scalar) written.get("exclude"), false));
    return filter.whole ? Optional.of(filter) : Optional.empty();
  }

  private void add(Node.Scalar written, boolean wanted) {
    try {
      Criterion test = Criterion.parse(written.text(), this::isName);
      for (String name : test.names()) {
        if (!isName(name)) {
          refuse(
              Formulas.inside(written, written.text().indexOf(name), name.length()),
              Code.E135,
              "'" + name + "' is no symbol",
              FileSymbols.hint(tree, name, false));
        }
      }
      test.comparisons().forEach(c -> word(written, c));
      parts.add(new Part(test, wanted, written));
    } catch (ExpressionError e) {
      refuse(
          Formulas.inside(written, e.at(), e.length()),
          Code.E130,
          e.getMessage() + " in '" + Texts.shorten(written.text()) + "'",
          "");
    }
  }

  private boolean isName(String name) {
    return symbols.has(name) || name.equals(Symbols.VARIANT);
  }

  private void refuse(Place place, Code code, String message, String hint) {
    whole = false;
    out.report(place, code, message, hint);
  }

  /** A misspelt word would never be equal to anything. */
  private void word(Node.Scalar written, Criterion.Comparison c) {
    if (c.name().equals(Symbols.VARIANT) && sweep.variants().isEmpty()) {
      refuse(written.place(), Code.E135, "this sweep has no variants", "");
      return;
    }
    Collection<String> known = words(c.name());
    if (!known.isEmpty() && !known.contains(c.word())) {
      refuse(
          Formulas.inside(written, c.at(), c.word().length()),
          Code.E112,
          c.name() + " is never '" + Texts.shorten(c.word()) + "'",
          Suggestions.meantOrKnown(c.word(), known));
    }
  }

  private Collection<String> words(String name) {
    if (name.equals(Symbols.VARIANT)) {
      return sweep.variants().keySet();
    }
    String path = symbols.path(name).orElse(name);
    if (path.endsWith(".kind")
        && Lookup.shape(tree, path.substring(0, path.length() - ".kind".length())).orElse(null)
            instanceof Shape.Union union) {
      return union.kinds().keySet();
    }
    return Lookup.shape(tree, path).map(Lookup::words).orElse(List.of());
  }

  /**
   * Whether a combination stays; empty after a report, when that cannot be said.
   *
   * @param variant name of its variant, or empty
   */
  Optional<Boolean> keeps(Node.Mapping cell, String variant) {
    for (Part part : whole ? parts : List.<Part>of()) {
      try {
        if (part.test().holds(name -> value(cell, variant, name)) != part.wanted()) {
          return Optional.of(false);
        }
      } catch (Criterion.NoAnswer e) {
        boolean condition = e.getMessage().contains("is no condition");
        refuse(
            part.written().place(),
            condition ? Code.E130 : Code.E133,
            "'"
                + Texts.shorten(part.written().text())
                + "' has no answer"
                + show(part, cell, variant)
                + ": "
                + e.getMessage(),
            absent(part, cell, variant));
        return Optional.empty();
      }
    }
    return Optional.of(true);
  }

  private Optional<Object> value(Node.Mapping cell, String variant, String name) {
    return name.equals(Symbols.VARIANT)
        ? Optional.of(variant)
        : Lookup.value(cell, symbols.path(name).orElse(name));
  }

  /** What a path was probably meant to be that only looks like one of a threshold or a test set. */
  private String absent(Part part, Node.Mapping cell, String variant) {
    return part.test().names().stream()
        .filter(name -> name.contains(".") && value(cell, variant, name).isEmpty())
        .map(name -> Suggestions.meant(name, KnownPaths.of(tree)))
        .findFirst()
        .orElse("");
  }

  private String show(Part part, Node.Mapping cell, String variant) {
    Map<String, Object> values = new LinkedHashMap<>();
    part.test()
        .names()
        .forEach(name -> value(cell, variant, name).ifPresent(v -> values.put(name, v)));
    String known =
        values.entrySet().stream()
            .map(
                e ->
                    e.getKey()
                        + " = "
                        + (e.getValue() instanceof Double d ? Texts.number(d) : e.getValue()))
            .collect(Collectors.joining(", "));
    return known.isEmpty() ? "" : " at " + known;
  }
}
