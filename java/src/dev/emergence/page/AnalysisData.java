package dev.emergence.page;

import dev.emergence.analysis.Analysis;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.Condition;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Conditions, laws and claims as an analysis has them. They are made once for each analysis: a live
 * page asks for them every second, while fits are made anew now and then.
 *
 * <p>Not thread-safe.
 */
final class AnalysisData {
  private final Plan plan;
  private final Symbols symbols;
  private final SettingData settings;
  private final Map<Condition, Map<String, Object>> others = new IdentityHashMap<>();
  private Optional<Told> told = Optional.empty();

  /**
   * The parts of a snapshot that follow from the plan and an analysis.
   *
   * @param of the analysis
   */
  record Told(
      Optional<Analysis> of,
      List<Object> sweeps,
      List<Object> laws,
      List<Object> claims,
      List<Object> notes) {}

  AnalysisData(Plan plan, Symbols symbols, SettingData settings) {
    this.plan = plan;
    this.symbols = symbols;
    this.settings = settings;
  }

  /**
   * What a page shows of an analysis.
   *
   * @param analysis of the stored runs; empty while it has not been made
   */
  Told of(Optional<Analysis> analysis) {
    if (told.filter(t -> t.of().equals(analysis)).isEmpty()) {
      List<Object> sweeps = new ArrayList<>();
      plan.experiment().sweeps().values().forEach(s -> sweeps.add(sweep(s, analysis)));
      told =
          Optional.of(
              new Told(
                  analysis,
                  sweeps,
                  analysis.map(a -> new LawData(a).all()).orElse(List.of()),
                  analysis.map(AnalysisData::claims).orElse(List.of()),
                  analysis.map(a -> List.<Object>copyOf(a.notes())).orElse(List.of())));
    }
    return told.get();
  }

  private Map<String, Object> sweep(SweepSpec sweep, Optional<Analysis> analysis) {
    Map<Integer, Condition> conditions = new TreeMap<>();
    Set<Object> seeds = new LinkedHashSet<>();
    for (Assignment a : plan.assignments(sweep.name())) {
      conditions.putIfAbsent(a.index(), a.condition());
      seeds.add(a.seed());
    }
    List<Object> axes = new ArrayList<>();
    if (conditions.values().stream().anyMatch(c -> !c.variant().isEmpty())) {
      List<String> names = conditions.values().stream().map(Condition::variant).distinct().toList();
      axes.add(axis(Symbols.VARIANT, List.copyOf(names)));
    }
    sweep.axes().forEach((path, values) -> axes.add(axis(path, values)));
    Map<Integer, Object> summaries =
        analysis.map(a -> SummaryData.of(a.cells(sweep.name()))).orElse(Map.of());
    List<Object> out = new ArrayList<>();
    conditions.forEach(
        (index, c) ->
            out.add(
                Trees.of(
                    "index", index,
                    "values", values(c),
                    "settings", others.computeIfAbsent(c, settings::others),
                    "summary", summaries.get(index))));
    return Trees.of(
        "name", sweep.name(), "axes", axes, "conditions", out, "seeds", List.copyOf(seeds));
  }

  private Map<String, Object> axis(String path, List<Object> values) {
    boolean ordered = values.stream().allMatch(Number.class::isInstance);
    return Trees.of(
        "path", path, "symbol", symbols.shortest(path), "values", values, "ordered", ordered);
  }

  private static Map<String, Object> values(Condition c) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (!c.variant().isEmpty()) {
      out.put(Symbols.VARIANT, c.variant());
    }
    out.putAll(c.values());
    return out;
  }

  private static List<Object> claims(Analysis analysis) {
    List<Object> out = new ArrayList<>();
    analysis
        .claims()
        .forEach(
            (name, claim) ->
                out.add(
                    Trees.of(
                        "name", name,
                        "verdict", claim.verdict().word(),
                        "reason", claim.reason())));
    return out;
  }
}
