package dev.emergence.cli;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.expr.Expression;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Symbols;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The part of a plan that {@code --only} and {@code --where} leave. */
final class Selected {
  private Selected() {}

  /**
   * The conditions and seeds that are left. @throws Refusal when there are none, or when an option
   * makes no sense
   */
  static Predicate<Assignment> by(Plan plan, List<String> sweeps, Optional<String> where) {
    Set<String> known = plan.experiment().sweeps().keySet();
    for (String sweep : sweeps) {
      if (!known.contains(sweep)) {
        throw new Refusal(
            ExitCode.USAGE,
            "--only names the sweep '" + sweep + "'; known: " + String.join(", ", known));
      }
    }
    Predicate<Assignment> condition =
        where.map(text -> condition(text, plan.experiment())).orElse(a -> true);
    Predicate<Assignment> wanted =
        a -> (sweeps.isEmpty() || sweeps.contains(a.condition().sweep())) && condition.test(a);
    if (plan.assignments().stream().noneMatch(wanted)) {
      throw new Refusal(ExitCode.USAGE, "no run is left by --only and --where");
    }
    return wanted;
  }

  /** A condition on runs, in the file's symbols and {@code seed}. */
  private static Predicate<Assignment> condition(String text, ExperimentSpec experiment) {
    Symbols symbols =
        Symbols.of(Keys.kindOf((Record) experiment.base().task()), experiment.symbols());
    Expression parsed = parse(text);
    for (String name : parsed.names()) {
      if (!name.equals(Symbols.SEED) && !symbols.has(name)) {
        String all = String.join(" ", symbols.official());
        throw new Refusal(
            ExitCode.USAGE,
            "--where: '"
                + name
                + "' is no symbol; known: "
                + all
                + " seed, and paths such as training.batch_size");
      }
    }
    return a -> holds(parsed, a, symbols, text);
  }

  private static Expression parse(String text) {
    try {
      return Expression.parseCondition(text);
    } catch (ExpressionError e) {
      throw new Refusal(ExitCode.USAGE, "--where: " + e.getMessage() + " in '" + text + "'");
    }
  }

  private static boolean holds(Expression parsed, Assignment a, Symbols symbols, String text) {
    Map<String, Double> values = symbols.numbers(parsed.names(), a.condition().config());
    if (parsed.names().contains(Symbols.SEED)) {
      values.put(Symbols.SEED, (double) a.seed());
    }
    try {
      return parsed.holds(values);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          ExitCode.USAGE,
          "--where: '"
              + text
              + "' has no value in condition "
              + a.condition().values()
              + ": "
              + e.getMessage());
    }
  }
}
