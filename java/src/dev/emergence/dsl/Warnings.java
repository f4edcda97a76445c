package dev.emergence.dsl;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Condition;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.Symbols;
import dev.emergence.spec.expr.Where;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What a valid file probably does not mean. */
final class Warnings {
  private final Diagnostics out;
  private final Node.Mapping tree;
  private final List<Condition> conditions;

  Warnings(Diagnostics out, Node.Mapping tree, Map<String, SweepSpec> sweeps) {
    this.out = out;
    this.tree = tree;
    this.conditions = sweeps.values().stream().flatMap(s -> s.conditions().stream()).toList();
  }

  void all(Map<String, FitSpec> fits, Map<String, SweepSpec> sweeps) {
    fits.forEach((name, fit) -> budget(name, fit, sweeps));
    guessing();
    absentQueries();
    withoutEffect();
    unmeasured();
    longTail();
  }

  /** W206: nothing is measured after the start. */
  private void unmeasured() {
    conditions.stream()
        .map(Condition::config)
        .filter(c -> !isFlow(c) && c.measurement().evaluateEvery() > c.training().maxSteps())
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
            .filter(stop -> !stop.never() && stop.when().isPresent())
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
                  (isFlow(config) ? "max_time " : "max_steps ") + Texts.number(limit(config));
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

  private static boolean isFlow(RunConfig config) {
    return config.training().optimizer() instanceof OptimizerSpec.GradientFlow;
  }

  private static double limit(RunConfig config) {
    return isFlow(config) ? config.training().maxTime() : config.training().maxSteps();
  }

  /**
   * W202: an accuracy that is reached by naming any value of the context is no sign of attention.
   */
  private void guessing() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, Integer> fewest = new LinkedHashMap<>();
    for (Condition c : conditions) {
      if (c.config().task() instanceof TaskSpec.AssociativeRecall task) {
        c.config()
            .measurement()
            .thresholds()
            .forEach(
                (name, threshold) -> {
                  if (isGuessed(
                      threshold, task.pairs(), c.config().measurement().thresholds().values())) {
                    counts.merge(name, 1, Integer::sum);
                    fewest.merge(name, task.pairs(), Math::min);
                  }
                });
      }
    }
    counts.forEach(
        (name, count) -> {
          int pairs = fewest.get(name);
          String guess = "1/N_pairs = " + Texts.number(1.0 / pairs) + " at N_pairs = " + pairs;
          String where =
              " (" + guess + ") in " + count + " of " + conditions.size() + " conditions";
          String message =
              "threshold " + name + " is reached by naming any value of the context" + where;
          out.report(
              Trees.nearest(tree, "measurement.thresholds." + name, tree.place()),
              Code.W202,
              message,
              "keep a higher threshold beside it");
        });
  }

  /**
   * Whether guessing reaches a level of accuracy, and no higher level of the same metric is kept.
   */
  private static boolean isGuessed(Threshold threshold, int pairs, Collection<Threshold> all) {
    double guess = 1.0 / pairs;
    boolean accuracy =
        threshold.metric().endsWith(".accuracy")
            && threshold.relativeTo() == MeasurementSpec.Relative.ABSOLUTE;
    boolean higher =
        all.stream()
            .anyMatch(
                other ->
                    other.metric().equals(threshold.metric()) && other.above().orElse(0.0) > guess);
    return accuracy && threshold.above().orElse(1.0) <= guess && !higher;
  }

  /** W204: sequences whose answer is not in them. */
  private void absentQueries() {
    double most = 0;
    for (Condition c : conditions) {
      if (c.config().task() instanceof TaskSpec.AssociativeRecall task
          && task.queryPlacement() == TaskSpec.QueryPlacement.BINOMIAL) {
        double copies = c.config().repetition().inContext();
        most = Math.max(most, Math.pow(1 - copies / task.pairs(), task.pairs()));
      }
    }
    if (most > 0.001) {
      String message =
          "with query_placement: binomial the query is absent from up to "
              + Texts.number(Math.rint(1000 * most) / 10)
              + "% of the sequences, which cannot be solved";
      out.report(
          Trees.nearest(tree, "task.query_placement", tree.place()),
          Code.W204,
          message,
          "at_least_one has the same mean and no such sequences");
    }
  }

  /** W203: keys that this file writes and nothing reads. */
  private void withoutEffect() {
    Predicate<RunConfig> flow = Warnings::isFlow;
    Predicate<RunConfig> expected =
        c ->
            c.architecture() instanceof ArchitectureSpec.Toy t
                && t.dynamics() != ArchitectureSpec.Dynamics.SGD;
    Predicate<RunConfig> recall = c -> c.task() instanceof TaskSpec.AssociativeRecall;
    unused("training.max_time", flow, "it ends a gradient_flow; other optimisers have max_steps");
    unused("training.max_steps", flow.negate(), "a gradient_flow has max_time");
    unused(
        "training.gradient_clip",
        expected.negate(),
        "the gradient of the expected loss is not clipped");
    unused(
        "measurement.evaluate_every",
        flow.negate(),
        "a gradient_flow is written down as measurement.trajectory says");
    unused("measurement.trajectory", flow, "it is for gradient_flow");
    unused("repetition.repeated_tokens", recall, "it is for associative_recall");
    unused("architecture.token_initialization", recall, "it is for associative_recall");
    unused(
        "architecture.scores",
        c ->
            c.architecture() instanceof ArchitectureSpec.Toy t
                && t.dynamics() == ArchitectureSpec.Dynamics.REDUCED,
        "it is for dynamics: reduced");
    unused(
        "architecture.initialization",
        c ->
            !(c.architecture() instanceof ArchitectureSpec.Toy t)
                || t.dynamics() != ArchitectureSpec.Dynamics.REDUCED,
        "the reduced dynamics start at 0");
  }

  private void unused(String path, Predicate<RunConfig> reader, String hint) {
    Node.Entry entry = Trees.entry(tree, path);
    boolean inherited = entry == null || entry.key().layer() == Layer.EXTENDS;
    if (!inherited
        && !conditions.isEmpty()
        && conditions.stream().noneMatch(c -> reader.test(c.config()))) {
      out.report(entry.key(), Code.W203, path + " has no effect here", hint);
    }
  }
}
