package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.LostKeys;
import dev.emergence.dsl.bind.SweepFile;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sweeps as written to sweeps as conditions. They are counted before they are expanded. */
public final class Sweeps {
  /** More runs than this are refused unless the user insists. */
  static final long MOST_RUNS = 100_000;

  /** More conditions than this do not fit into memory. */
  static final long MOST_CONDITIONS = 1_000_000;

  private final Diagnostics out;
  private final Node.Mapping tree;
  private final Map<String, Node.Entry> sets;
  private final Configs configs;
  private final LostKeys lost;
  private final Map<String, Factors> factors = new LinkedHashMap<>();

  /**
   * For one file.
   *
   * @param sets what {@code --set} puts in, by path: it wins over the sweeps' own settings
   */
  public Sweeps(Diagnostics out, Node.Mapping tree, Map<String, Node.Entry> sets, Configs configs) {
    this.out = out;
    this.tree = tree;
    this.sets = sets;
    this.configs = configs;
    this.lost = new LostKeys(out);
  }

  /** The factors of every sweep that could be understood. */
  public Map<String, Factors> factors() {
    return Collections.unmodifiableMap(factors);
  }

  /** A sweep ready to be expanded. */
  private record Ready(String name, SweepFile file, Factors factors, Place place) {}

  /**
   * All sweeps; those with problems are left out.
   *
   * @param written the sweeps of the file
   * @param seeds runs of each condition, where its sweep does not say it
   * @param yesMany whether more than {@link #MOST_RUNS} runs are wanted
   */
  public Map<String, SweepSpec> expand(
      Map<String, SweepFile> written, long seeds, boolean yesMany) {
    List<Ready> ready = new ArrayList<>();
    double conditions = 0;
    double runs = 0;
    for (Map.Entry<String, SweepFile> e : written.entrySet()) {
      Place place =
          Trees.entry(tree, "sweeps").value() instanceof Node.Mapping m
              ? m.entries().get(e.getKey()).key()
              : tree.place();
      Optional<Factors> found = Factors.of(out, tree, e.getKey(), e.getValue(), sets);
      found.ifPresent(f -> factors.put(e.getKey(), f));
      found.ifPresent(f -> ready.add(new Ready(e.getKey(), e.getValue(), f, place)));
      double count = found.map(Factors::count).orElse(0.0);
      conditions += count;
      runs +=
          count * e.getValue().seeds().map(SeedsSpec::count).map(Integer::longValue).orElse(seeds);
    }
    if (isTooMany(conditions, runs, yesMany)) {
      return Map.of();
    }
    Map<String, SweepSpec> sweeps = new LinkedHashMap<>();
    ready.forEach(r -> expand(r).ifPresent(sweep -> sweeps.put(r.name(), sweep)));
    return sweeps;
  }

  private boolean isTooMany(double conditions, double runs, boolean yesMany) {
    if (yesMany ? conditions <= MOST_CONDITIONS : runs <= MOST_RUNS) {
      return false;
    }
    Place place = Trees.entry(tree, "sweeps").key();
    String make =
        Texts.number(conditions)
            + " conditions with "
            + Texts.number(runs / conditions)
            + (runs == conditions ? " seed each make " : " seeds each make ")
            + Texts.number(runs)
            + " runs";
    String limit =
        yesMany
            ? "; more than " + MOST_CONDITIONS + " conditions cannot be held"
            : "; more than " + MOST_RUNS + " need --yes-many";
    out.report(place, Code.E123, make + limit, "conditions are counted before when and exclude");
    return true;
  }

  /** The conditions of one sweep as they are found. */
  private static final class Found {
    private final List<Condition> conditions = new ArrayList<>();
    private int kept;
    private boolean whole = true;
  }

  private Optional<SweepSpec> expand(Ready r) {
    Optional<Filter> filter = Filter.of(out, tree, r.file(), r.name());
    if (filter.isEmpty()) {
      return Optional.empty();
    }
    Found found = new Found();
    r.factors().forEach(cell -> add(found, r, cell, filter.get()));
    if (found.kept == 0 && found.whole) {
      String count = Texts.number(r.factors().count());
      out.report(
          r.place(),
          Code.E125,
          "sweep " + r.name() + " keeps none of its " + count + " conditions",
          "look at its when and exclude");
    }
    boolean selects = Selections.check(out, tree, r.name(), r.file(), r.factors().axes());
    if (!found.whole || found.kept == 0 || !selects) {
      return Optional.empty();
    }
    List<Condition> conditions = List.copyOf(found.conditions);
    return Optional.of(
        new SweepSpec(
            r.name(),
            axes(r.factors(), conditions),
            conditions,
            r.file().select(),
            r.file().seeds(),
            Selections.zipped(tree, r.name(), r.file())));
  }

  private void add(Found found, Ready r, Combinations.Cell cell, Filter filter) {
    Node.Mapping config = cell.tree();
    Optional<Boolean> keeps = filter.keeps(config, cell.variant());
    found.whole &= keeps.isPresent();
    if (keeps.orElse(false)) {
      found.kept++;
      lost.between(tree, r.factors().base(), config);
      Optional<RunConfig> bound = configs.bind(config);
      found.whole &= bound.isPresent();
      bound.ifPresent(
          c -> found.conditions.add(new Condition(r.name(), cell.variant(), values(cell, c), c)));
    }
  }

  private static Map<String, Object> values(Combinations.Cell cell, RunConfig config) {
    Map<String, Object> values = new LinkedHashMap<>();
    cell.values()
        .forEach(
            (path, scalar) -> values.put(path, Paths.value(config, path).orElse(scalar.text())));
    return Collections.unmodifiableMap(values);
  }

  /** The values of each axis in file order, without those that no condition has. */
  private static Map<String, List<Object>> axes(Factors factors, List<Condition> conditions) {
    Map<String, Map<String, Object>> seen = new LinkedHashMap<>();
    for (String path : factors.axes()) {
      seen.put(path, new LinkedHashMap<>());
      conditions.forEach(
          c -> seen.get(path).putIfAbsent(c.values().get(path).toString(), c.values().get(path)));
    }
    Map<String, List<Object>> axes = new LinkedHashMap<>();
    seen.forEach((path, values) -> axes.put(path, List.copyOf(values.values())));
    return Collections.unmodifiableMap(axes);
  }
}
