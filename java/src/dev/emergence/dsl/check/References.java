package dev.emergence.dsl.check;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.sweep.FileSymbols;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Symbols;
import dev.emergence.spec.expr.Where;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Reports names in fits, claims and plots that do not exist at their place, with a suggestion. */
public final class References {
  private final Diagnostics out;
  private final Places places;
  private final Map<String, SweepSpec> sweeps;
  private final Set<String> written;
  private final Symbols symbols;
  private final NamedValues values;
  private final Optional<SeedsSpec> seeds;

  /**
   * @param out receives the problems
   * @param tree the file
   * @param sweeps the sweeps that could be expanded
   * @param written the names of all sweeps; those that could not be expanded are not told again
   * @param seeds of sweeps without some of their own
   */
  public References(
      Diagnostics out,
      Node.Mapping tree,
      Map<String, SweepSpec> sweeps,
      Set<String> written,
      Optional<SeedsSpec> seeds) {
    this.out = out;
    this.places = new Places(tree);
    this.sweeps = sweeps;
    this.written = written;
    this.seeds = seeds;
    this.symbols = FileSymbols.of(tree);
    this.values = NamedValues.of(tree, sweeps.values(), written.size());
  }

  Symbols symbols() {
    return symbols;
  }

  Diagnostics out() {
    return out;
  }

  /** The place of the value at {@code path}; if there is none, the nearest place above it. */
  Place place(String path) {
    return places.value(path);
  }

  /** The place of the key at {@code path}; if there is none, the nearest place above it. */
  Place key(String path) {
    return places.key(path);
  }

  /** The single value at {@code path}; never null for values that were bound from the file. */
  Node.Scalar scalar(String path) {
    return places.scalar(path);
  }

  /**
   * Axes along which a sweep chooses; empty without {@code select}, or where it is not expanded.
   */
  Set<String> chosen(String sweep) {
    return sweeps.containsKey(sweep) ? sweeps.get(sweep).chosen() : Set.of();
  }

  /** The conditions of some sweeps; none when a name was reported here or a sweep not expanded. */
  List<Condition> conditions(String path, List<String> names) {
    List<Condition> found = new ArrayList<>();
    boolean whole = true;
    for (String name : names) {
      if (sweeps.containsKey(name)) {
        found.addAll(sweeps.get(name).conditions());
      } else {
        whole = false;
        if (!written.contains(name)) {
          String hint =
              written.isEmpty()
                  ? "known: main, since the file has no sweeps"
                  : Suggestions.meantOrKnown(name, written);
          out.report(
              places.item(path, name),
              Code.E150,
              "there is no sweep '" + Texts.shorten(name) + "'",
              hint);
        }
      }
    }
    if (names.isEmpty()) {
      out.report(
          place(path), Code.E150, path + " names no sweep", Suggestions.meantOrKnown("", written));
    }
    return whole ? found : List.of();
  }

  /**
   * Those of {@code conditions} that {@code where} keeps; unknown names, and keeping none, are
   * reported.
   */
  List<Condition> where(String path, Map<String, Object> where, List<Condition> conditions) {
    boolean known = true;
    for (String name : where.keySet()) {
      known &= symbol(places.keyIn(path, name), name, true);
    }
    if (!known || conditions.isEmpty()) {
      return List.of();
    }
    List<Condition> kept =
        conditions.stream().filter(c -> Where.matches(where, c, symbols)).toList();
    if (kept.isEmpty()) {
      out.report(
          place(path), Code.E125, "no condition has " + show(where), values(where, conditions));
    } else if (where.containsKey(Symbols.SEED)) {
      seed(path, where, kept);
    }
    return kept;
  }

  private void seed(String path, Map<String, Object> where, List<Condition> kept) {
    List<SeedsSpec> run = kept.stream().flatMap(c -> seeds(c).stream()).toList();
    boolean some =
        run.stream()
            .flatMapToInt(s -> IntStream.range(s.first(), s.first() + s.count()))
            .anyMatch(seed -> Where.seed(where, seed));
    if (!some && !run.isEmpty()) {
      SeedsSpec first = run.get(0);
      int last = first.first() + first.count() - 1;
      out.report(
          place(path),
          Code.E125,
          "no run has seed = " + where.get(Symbols.SEED),
          last == first.first() ? "seed is " + last : "seeds are " + first.first() + " to " + last);
    }
  }

  /** The seeds of a condition of {@link #conditions}. */
  Optional<SeedsSpec> seeds(Condition condition) {
    return sweeps.get(condition.sweep()).seeds().or(() -> seeds);
  }

  /** The path that a name stands for; the name itself where it is one, or {@code variant}. */
  String path(String name) {
    return symbols.path(name).orElse(name);
  }

  private static String show(Map<String, Object> where) {
    return String.join(
        ", ", where.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).toList());
  }

  /** What the wanted names really take. */
  private String values(Map<String, Object> where, List<Condition> conditions) {
    List<String> parts = new ArrayList<>();
    for (String name : where.keySet()) {
      Set<String> seen = new LinkedHashSet<>();
      for (Condition c : conditions) {
        Object value =
            name.equals(Symbols.VARIANT)
                ? c.variant()
                : symbols.value(name, c.config()).orElse("(none)");
        seen.add(value instanceof Double d ? Texts.number(d) : value.toString());
      }
      if (!name.equals(Symbols.SEED)) {
        parts.add(name + " is " + String.join(" ", seen.stream().limit(12).toList()));
      }
    }
    return String.join("; ", parts);
  }

  /** Whether {@code name} stands for a value. If it does not, this is reported. */
  boolean symbol(String path, String name, boolean seedToo) {
    return symbol(place(path), name, seedToo);
  }

  /** The same where the name is only a part of a value. */
  boolean symbol(Place place, String name, boolean seedToo) {
    boolean special = seedToo && (name.equals(Symbols.SEED) || name.equals(Symbols.VARIANT));
    if (special || values.has(name)) {
      return true;
    }
    out.report(
        place, Code.E135, "'" + Texts.shorten(name) + "' is no symbol", values.hint(name, seedToo));
    return false;
  }

  /** One configuration for each way of measuring among {@code conditions}. */
  static Collection<RunConfig> kinds(List<Condition> conditions) {
    Map<List<Object>, RunConfig> kinds = new LinkedHashMap<>();
    for (Condition c : conditions) {
      RunConfig config = c.config();
      List<Object> how =
          List.of(
              config.task().getClass(),
              config.architecture(),
              config.measurement(),
              config.repetition().changes());
      kinds.putIfAbsent(how, config);
    }
    return kinds.values();
  }

  /** Checks that a metric is recorded by every condition. */
  void metric(String path, String name, List<Condition> conditions) {
    kinds(conditions).stream()
        .filter(config -> !Metrics.has(config, name))
        .findFirst()
        .ifPresent(config -> unmeasured(path, name, config));
  }

  /** Reports a metric that a configuration does not record. */
  void unmeasured(String path, String name, RunConfig config) {
    unmeasured(path, name, config, List.of());
  }

  /** The same where columns that no metric is may stand, too: {@code more}. */
  void unmeasured(String path, String name, RunConfig config, List<String> more) {
    List<String> known = new ArrayList<>(more);
    known.addAll(Metrics.of(config));
    String hint =
        Metrics.unrecorded(config, name).orElseGet(() -> Suggestions.meantOrKnown(name, known));
    unmeasured(path, name, hint);
  }

  /** Reports a metric that is not there, with what to do. */
  void unmeasured(String path, String name, String hint) {
    String message = "nothing measures '" + Texts.shorten(name) + "'";
    out.report(places.item(path, name), Code.E151, message, hint);
  }

  /**
   * Checks a column of the table of runs: {@code THRESHOLD.steps}, {@code THRESHOLD.time}, or a
   * metric's last value.
   */
  void column(String path, String name, List<Condition> conditions) {
    RunColumns.check(this, path, name, conditions);
  }

  /** Checks that every condition has the threshold. */
  boolean threshold(String path, String name, List<Condition> conditions) {
    for (RunConfig config : kinds(conditions)) {
      Set<String> known = config.measurement().thresholds().keySet();
      if (!known.contains(name)) {
        out.report(
            places.item(path, name),
            Code.E150,
            "there is no threshold '" + Texts.shorten(name) + "'",
            KnownThresholds.hint(name, known));
        return false;
      }
    }
    return true;
  }

  /** Checks one of a list of fixed words. */
  void word(String path, String name, Collection<String> known, String what) {
    if (!known.contains(name)) {
      out.report(
          places.item(path, name),
          Code.E150,
          "there is no " + what + " '" + Texts.shorten(name) + "'",
          Suggestions.meantOrKnown(name, known));
    }
  }
}
