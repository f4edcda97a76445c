package dev.emergence.dsl.check;

import dev.emergence.dsl.sweep.FileSymbols;
import dev.emergence.dsl.sweep.Formulas;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Doubt;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.Symbols;
import dev.emergence.spec.expr.Where;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a valid file probably does not mean. */
public final class Warnings {
  private final Diagnostics out;
  private final Node.Mapping tree;
  private final List<Condition> conditions;

  public Warnings(Diagnostics out, Node.Mapping tree, Map<String, SweepSpec> sweeps) {
    this.out = out;
    this.tree = tree;
    this.conditions = sweeps.values().stream().flatMap(s -> s.conditions().stream()).toList();
  }

  public void all(
      Map<String, FitSpec> fits, Map<String, SweepSpec> sweeps, Optional<SeedsSpec> seeds) {
    fits.forEach((name, fit) -> budget(name, fit, sweeps));
    Set<String> guessed = new GuessWarnings(out, tree, conditions).all();
    doubts();
    new NoiseWarnings(out, tree, guessed).all(conditions);
    new ThresholdWarnings(out, tree).all(conditions);
    new UnreadKeys(out, tree).all(sweeps.values());
    SeedWarnings ofSeeds = new SeedWarnings(out, tree);
    sweeps.values().forEach(sweep -> ofSeeds.sweep(sweep, seeds));
    sweeps.values().forEach(new SameConditions(out, tree)::sweep);
    new AnswerWarnings(out, tree).all(conditions);
    unmeasured();
    longTail();
  }

  /** W206: nothing is measured after the start. */
  private void unmeasured() {
    conditions.stream()
        .map(Condition::config)
        .filter(c -> !c.training().optimizer().inTime())
        .filter(c -> !c.measurement().thresholds().isEmpty())
        .filter(c -> c.measurement().evaluateEvery() > c.training().maxSteps())
        .findFirst()
        .ifPresent(
            c ->
                out.report(
                    Trees.nearest(tree, "measurement.evaluate_every", tree.place()),
                    Code.W206,
                    "evaluate_every "
                        + c.measurement().evaluateEvery()
                        + " exceeds max_steps "
                        + c.training().maxSteps()
                        + ": nothing is measured after the start",
                    "every time is known to evaluate_every steps only"));
  }

  /** W207: 20 is 2000 %. */
  private void longTail() {
    double most =
        conditions.stream()
            .map(c -> c.config().measurement().stop())
            .filter(stop -> !stop.thresholds().isEmpty())
            .mapToDouble(MeasurementSpec.Stop::extra)
            .max()
            .orElse(0);
    if (most > 1) {
      out.report(
          Trees.nearest(tree, "measurement.stop.extra", tree.place()),
          Code.W207,
          "extra: "
              + Texts.number(most)
              + " is "
              + Texts.number(100 * most)
              + " % more steps than the threshold took",
          "a share needs a percent sign or a point: extra: 20%, extra: 0.2");
    }
  }

  /** W201: the published law, or the expected one, needs more steps than are allowed. */
  private void budget(String name, FitSpec fit, Map<String, SweepSpec> sweeps) {
    Map<String, Double> law = new LinkedHashMap<>();
    fit.expect().forEach((parameter, e) -> e.near().ifPresent(value -> law.put(parameter, value)));
    law.putAll(fit.published());
    Symbols symbols = FileSymbols.of(tree);
    try {
      Formula formula = Formula.parse(fit.formula(), symbols::has);
      if (law.keySet().containsAll(formula.parameters())) {
        List<Condition> data =
            fit.data().stream()
                .flatMap(sweep -> sweeps.get(sweep).conditions().stream())
                .filter(c -> Where.matches(fit.where(), c, symbols))
                .toList();
        budget("fits." + name, formula, law, data, symbols);
      }
    } catch (ExpressionError e) {
      throw new IllegalStateException("a checked formula does not parse", e);
    }
  }

  private void budget(
      String path,
      Formula formula,
      Map<String, Double> law,
      List<Condition> data,
      Symbols symbols) {
    Set<String> names = new LinkedHashSet<>(formula.symbols());
    Map<Condition, Double> over = over(formula, law, data, symbols);
    over.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .ifPresent(
            worst -> {
              RunConfig config = worst.getKey().config();
              String limit =
                  (config.training().optimizer().inTime() ? "max_time " : "max_steps ")
                      + Texts.number(limit(config));
              String longest =
                  Texts.number(rounded(worst.getValue()))
                      + " at "
                      + Formulas.show(symbols.numbers(names, config));
              String message =
                  over.size()
                      + " of "
                      + data.size()
                      + " conditions are predicted to need more than "
                      + limit
                      + " (about "
                      + longest
                      + ")";
              out.report(
                  Trees.nearest(tree, path, tree.place()),
                  Code.W201,
                  message,
                  "they would end as unreached; the prediction is the fit's published or expected"
                      + " law");
            });
  }

  /** The conditions that need more than they are given, with what they need. */
  private static Map<Condition, Double> over(
      Formula formula, Map<String, Double> law, List<Condition> data, Symbols symbols) {
    Map<Condition, Double> over = new LinkedHashMap<>();
    for (Condition c : data) {
      Map<String, Double> values = new LinkedHashMap<>(law);
      values.putAll(symbols.numbers(new LinkedHashSet<>(formula.symbols()), c.config()));
      double predicted = formula.law().evaluate(values);
      if (predicted > limit(c.config())) {
        over.put(c, predicted);
      }
    }
    return over;
  }

  private static double rounded(double value) {
    double unit = Math.pow(10, Math.floor(Math.log10(value)) - 1);
    return Math.rint(value / unit) * unit;
  }

  private static double limit(RunConfig config) {
    return config.training().optimizer().inTime()
        ? config.training().maxTime()
        : config.training().maxSteps();
  }

  /** What a task says is odd about itself, each once: where there is most of it. */
  private void doubts() {
    Map<String, Doubt> heaviest = new LinkedHashMap<>();
    for (Condition c : conditions) {
      TaskSpec task = c.config().task();
      for (Doubt doubt :
          PluginFailure.orResult(
              task.getClass(), "doubts", () -> task.doubts(c.config().repetition()))) {
        heaviest.merge(
            doubt.code() + " " + doubt.path(),
            doubt,
            (one, other) -> other.weight() > one.weight() ? other : one);
      }
    }
    heaviest
        .values()
        .forEach(
            doubt ->
                out.report(
                    Trees.nearest(tree, doubt.path(), tree.place()),
                    Code.valueOf(doubt.code()),
                    doubt.message(),
                    doubt.hint()));
  }
}
