package dev.emergence.cli;

import dev.emergence.analysis.Csv;
import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.expr.Criterion;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Symbols;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part of a plan that {@code --only} and {@code --where} leave. */
final class Selected {
  private Selected() {}

  /**
   * The conditions and seeds that are left.
   *
   * @throws Refusal when there are none, or when an option makes no sense
   */
  static Predicate<Assignment> by(Plan plan, List<String> sweeps, Optional<String> where) {
    Set<String> known = plan.experiment().sweeps().keySet();
    for (String sweep : sweeps) {
      if (!known.contains(sweep)) {
        throw new Refusal(
            ExitCode.USAGE,
            "--only names the sweep '"
                + sweep
                + "'; "
                + Suggestions.nearest(sweep, known)
                    .map(s -> "did you mean '" + s + "'? ")
                    .orElse("")
                + "known: "
                + String.join(", ", known));
      }
    }
    Predicate<Assignment> condition = where.map(text -> condition(text, plan)).orElse(a -> true);
    Predicate<Assignment> wanted =
        a -> (sweeps.isEmpty() || sweeps.contains(a.condition().sweep())) && condition.test(a);
    if (plan.assignments().stream().noneMatch(wanted)) {
      throw new Refusal(ExitCode.USAGE, "no run is left by --only and --where");
    }
    return wanted;
  }

  /** A condition on runs, in the file's symbols, {@code seed} and {@code variant}. */
  private static Predicate<Assignment> condition(String text, Plan plan) {
    ExperimentSpec experiment = plan.experiment();
    Symbols symbols =
        Symbols.of(Keys.kindOf((Record) experiment.base().task()), experiment.symbols());
    Criterion parsed = parse(text, symbols);
    for (String name : parsed.names()) {
      if (!isName(name, symbols)) {
        String all = String.join(" ", symbols.official());
        throw new Refusal(
            ExitCode.USAGE,
            "--where: '"
                + name
                + "' is no symbol; "
                + meant(name, symbols, plan)
                + "known: "
                + all
                + " seed variant, and paths such as training.batch_size");
      }
    }
    parsed.names().forEach(name -> requireSomewhere(name, plan, symbols));
    parsed.comparisons().forEach(c -> requireKnown(c, plan, symbols));
    return a -> holds(parsed, a, symbols, text);
  }

  private static boolean isName(String name, Symbols symbols) {
    return name.equals(Symbols.SEED) || name.equals(Symbols.VARIANT) || symbols.has(name);
  }

  /** A path of a threshold may have any name for it, so that only values tell whether it is one. */
  private static void requireSomewhere(String name, Plan plan, Symbols symbols) {
    if (plan.assignments().stream().allMatch(a -> value(name, a, symbols).isEmpty())) {
      throw new Refusal(
          ExitCode.USAGE,
          "--where: '"
              + name
              + "' has no value in any condition; "
              + meant(name, symbols, plan)
              + "'emergence symbols FILE' lists all names");
    }
  }

  private static String meant(String name, Symbols symbols, Plan plan) {
    Set<String> known =
        name.contains(".") ? paths(plan.experiment()) : new TreeSet<>(symbols.all().keySet());
    String meant = Suggestions.meant(name, known);
    return meant.isEmpty() ? "" : meant + " ";
  }

  /** Paths of all single values of a file's configuration. */
  static Set<String> paths(ExperimentSpec experiment) {
    Set<String> out = new TreeSet<>();
    paths("", SpecTree.of(experiment.base()), out);
    return out;
  }

  private static void paths(String path, Object value, Set<String> to) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, inner) -> paths(path.isEmpty() ? "" + key : path + "." + key, inner, to));
    } else {
      to.add(path);
    }
  }

  private static Criterion parse(String text, Symbols symbols) {
    try {
      return Criterion.parse(text, name -> isName(name, symbols));
    } catch (ExpressionError e) {
      throw new Refusal(ExitCode.USAGE, "--where: " + e.getMessage() + " in '" + text + "'");
    }
  }

  /** A misspelt word would leave runs out in silence. */
  private static void requireKnown(Criterion.Comparison c, Plan plan, Symbols symbols) {
    Set<String> values =
        plan.assignments().stream()
            .flatMap(a -> value(c.name(), a, symbols).stream())
            .map(Object::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!values.contains(c.word())) {
      values.remove(""); // the variant of a sweep that has none
      throw new Refusal(
          ExitCode.USAGE,
          "--where: "
              + c.name()
              + " is never '"
              + c.word()
              + "'; it "
              + (values.isEmpty() ? "has no values here" : "is " + String.join(", ", values)));
    }
  }

  private static Optional<Object> value(String name, Assignment a, Symbols symbols) {
    return switch (name) {
      case Symbols.SEED -> Optional.of((long) a.seed());
      case Symbols.VARIANT -> Optional.of(a.condition().variant());
      default -> symbols.value(name, a.condition().config());
    };
  }

  private static String condition(Assignment a) {
    return Stream.of(
            a.condition().sweep(), a.condition().variant(), Csv.setting(a.condition().values()))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static boolean holds(Criterion parsed, Assignment a, Symbols symbols, String text) {
    try {
      return parsed.holds(name -> value(name, a, symbols));
    } catch (Criterion.NoAnswer e) {
      throw new Refusal(
          ExitCode.USAGE,
          "--where: '" + text + "' has no answer in " + condition(a) + ": " + e.getMessage());
    }
  }
}
