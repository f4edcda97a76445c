package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.Axes;
import dev.emergence.dsl.bind.DottedParts;
import dev.emergence.dsl.bind.Edits;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.KnownPaths;
import dev.emergence.dsl.bind.Lookup;
import dev.emergence.dsl.bind.PartSpec;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.bind.SweepFile;
import dev.emergence.dsl.sweep.Combinations.Cell;
import dev.emergence.dsl.sweep.Combinations.Factor;
import dev.emergence.dsl.sweep.Combinations.Option;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What a sweep multiplies: its variants, each axis of its grid, each group of its zips, in the
 * order of the file. The last one varies fastest.
 */
public final class Factors {
  private final Diagnostics out;
  private final String name;
  private Node.Mapping base;
  private final List<Factor> factors = new ArrayList<>();
  private final Set<String> axes = new LinkedHashSet<>();
  private final Set<String> varied = new LinkedHashSet<>();
  private final Set<String> kept = new LinkedHashSet<>();
  private final Map<String, Place> taken = new LinkedHashMap<>();
  private final Map<String, Node.Entry> sets;
  private boolean whole = true;

  private Factors(Diagnostics out, Node.Mapping tree, String name, Map<String, Node.Entry> sets) {
    this.out = out;
    this.base = tree;
    this.name = name;
    this.sets = new LinkedHashMap<>(sets);
    this.sets.keySet().removeIf(path -> !ExperimentFile.isOfConfiguration(path));
  }

  /** The factors of one sweep; empty after a report. */
  static Optional<Factors> of(
      Diagnostics out,
      Node.Mapping tree,
      String name,
      SweepFile sweep,
      Map<String, Node.Entry> sets) {
    Factors factors = new Factors(out, tree, name, sets);
    Node.Mapping written =
        Trees.find(tree, "sweeps") instanceof Node.Mapping m
                && m.get(name) instanceof Node.Mapping s
            ? s
            : Node.Mapping.empty(tree.place());
    factors.set(sweep.set().tree());
    for (Map.Entry<String, Node.Entry> part : written.entries().entrySet()) {
      switch (part.getKey()) {
        case "variants" ->
            factors.variants(sweep.variants(), (Node.Mapping) part.getValue().value());
        case "grid" -> ((Node.Mapping) part.getValue().value()).entries().forEach(factors::axis);
        case "zip" -> factors.zips(part.getValue().value());
        default -> {}
      }
    }
    factors.warnOfHidden();
    factors.refuseSets(sets);
    return factors.whole ? Optional.of(factors) : Optional.empty();
  }

  /** The file with what the sweep sets in all conditions. */
  Node.Mapping base() {
    return base;
  }

  /** Paths that are swept, in the order of the file. */
  List<String> axes() {
    return List.copyOf(axes);
  }

  /** Number of combinations. */
  double count() {
    return new Combinations(base, factors, sets).count();
  }

  private void refuse(Place place, Code code, String message, String hint) {
    whole = false;
    out.report(place, code, message, hint);
  }

  private void set(Node.Mapping part) {
    Node.Mapping labelled = part.in(Layer.SWEEP_SET);
    DottedParts.once(out, labelled);
    labelled.entries().forEach((path, entry) -> belongs(path, entry.key()));
    kept.addAll(Trees.leaves(new Node.Entry(part.place(), labelled), "").keySet());
    base = Edits.putAll(base, Edits.above(base, labelled, sets));
  }

  /** Whether {@code path} leads to a value of a configuration; else it is reported. */
  private boolean belongs(String path, Place place) {
    String section = path.split("\\.", 2)[0];
    boolean known = ExperimentFile.SECTIONS.contains(section);
    if (known && Lookup.shape(base, path).isPresent()) {
      return true;
    }
    if (known && kindIsUnknown(section)) {
      whole = false; // the kind is reported; which keys it has is not known
      return false;
    }
    Set<String> paths = KnownPaths.of(base);
    Suggestions.nearest(path, paths).ifPresent(near -> out.meant().key(place, Optional.of(near)));
    String hint =
        known || !Shape.of(ExperimentFile.class).fields().containsKey(section)
            ? Suggestions.meant(path, paths)
            : "only values of "
                + String.join(", ", ExperimentFile.SECTIONS)
                + " can differ between conditions";
    String better = hint.isEmpty() ? KnownPaths.endingLike(path, paths) : hint;
    refuse(
        place, Code.E120, "sweep " + name + ": there is no '" + Texts.shorten(path) + "'", better);
    return false;
  }

  private boolean kindIsUnknown(String section) {
    return Shape.of(ExperimentFile.class).fields().get(section).shape() instanceof Shape.Union union
        && base.get(section) instanceof Node.Mapping mapping
        && union.of(mapping).isEmpty();
  }

  private void variants(Map<String, PartSpec> variants, Node.Mapping written) {
    List<Option> options = new ArrayList<>();
    variants.forEach(
        (variant, part) -> {
          Node.Entry entry = written.entries().get(variant);
          DottedParts.once(out, part.tree());
          part.tree().entries().forEach((key, e) -> belongs(key, e.key()));
          Trees.leaves(new Node.Entry(entry.key(), part.tree()), "").keySet().forEach(varied::add);
          options.add(new Option(variant, part.tree().in(Layer.VARIANT), Map.of()));
        });
    if (!options.isEmpty()) {
      factors.add(new Factor(options.size(), () -> options));
    }
  }

  private Optional<Axes.Values> values(String path, Node.Entry entry, boolean repeats) {
    if (!belongs(path, entry.key())) {
      return Optional.empty();
    }
    Place before = taken.putIfAbsent(path, entry.key());
    if (before != null) {
      refuse(
          entry.key(),
          Code.E124,
          "sweep "
              + name
              + " sweeps "
              + path
              + " twice; first at "
              + before.line()
              + ":"
              + before.column(),
          "");
      return Optional.empty();
    }
    Shape shape = Lookup.shape(base, path).orElseThrow();
    if (shape instanceof Shape.Rec
        || shape instanceof Shape.Union
        || shape instanceof Shape.MapOf
        || shape instanceof Shape.ListOf) {
      refuse(
          entry.key(),
          Code.E120,
          "sweep " + name + ": " + path + " is no single value",
          "use variants for several keys at once");
      return Optional.empty();
    }
    Optional<Axes.Values> values = new Axes(out, path, shape, repeats).values(entry);
    whole &= values.isPresent();
    return values;
  }

  private void axis(String path, Node.Entry entry) {
    values(path, entry, false)
        .ifPresent(
            values -> {
              axes.add(path);
              factors.add(
                  new Factor(
                      values.count(),
                      () ->
                          values.make().get().stream()
                              .map(v -> new Option("", null, Map.of(path, v)))
                              .toList()));
            });
  }

  private void zips(Node written) {
    List<Node> groups = written instanceof Node.Sequence s ? s.items() : List.of(written);
    groups.forEach(group -> zip((Node.Mapping) group));
  }

  private void zip(Node.Mapping group) {
    Map<String, Axes.Values> columns = new LinkedHashMap<>();
    group
        .entries()
        .forEach(
            (path, entry) ->
                values(path, entry, true).ifPresent(values -> columns.put(path, values)));
    if (columns.size() < group.entries().size() || columns.isEmpty()) {
      return;
    }
    Zip zip = new Zip(columns);
    if (!zip.isEven()) {
      refuse(
          group.place(),
          Code.E122,
          "columns of a zip must be equally long: " + zip.lengths(),
          "use grid for all combinations");
      return;
    }
    zip.repeated().ifPresent(this::refuseRow);
    axes.addAll(columns.keySet());
    factors.add(new Factor(zip.count(), zip::rows));
  }

  private void refuseRow(Map<String, Node.Scalar> row) {
    String values =
        row.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue().text())
            .collect(Collectors.joining(", "));
    Place place = row.values().iterator().next().place();
    refuse(place, Code.E121, "the zip has the row " + values + " twice", "take one of them out");
  }

  /** A value that an axis replaces in every condition says nothing. */
  private void warnOfHidden() {
    taken.forEach(
        (path, place) -> {
          boolean inSet = kept.contains(path);
          if (inSet || varied.contains(path)) {
            String where = inSet ? "set" : "a variant";
            out.report(
                place,
                Code.W203,
                "sweep " + name + " sweeps " + path + ", so " + where + " sets it without effect",
                "take one of them out");
          }
        });
  }

  private void refuseSets(Map<String, Node.Entry> sets) {
    Set<String> swept = new LinkedHashSet<>(taken.keySet());
    swept.addAll(varied);
    sets.forEach(
        (path, entry) ->
            swept.stream()
                .filter(s -> overlap(s, path))
                .findFirst()
                .ifPresent(
                    s ->
                        refuse(entry.key(), Code.E117, path + " is swept by " + name, instead(s))));
  }

  private String instead(String path) {
    return axes.contains(path)
        ? "set sweeps." + name + ".grid." + path + " instead"
        : "set it in the variants";
  }

  private static boolean overlap(String a, String b) {
    return a.equals(b) || a.startsWith(b + ".") || b.startsWith(a + ".");
  }

  /** Every combination, the last factor fastest. */
  void forEach(Consumer<Cell> use) {
    new Combinations(base, factors, sets).forEach(use);
  }

  /**
   * What this sweep sets {@code path} to, in the order of the file; empty when it leaves it alone.
   */
  public List<Node> settings(String path) {
    return new Combinations(base, factors, sets).settings(path);
  }
}
