package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Condition;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Partners;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether a claim can be judged. */
final class ClaimChecks {
  private final References names;
  private final String path;

  private ClaimChecks(References names, String path) {
    this.names = names;
    this.path = path;
  }

  static void check(References names, String claimName, ClaimSpec claim) {
    new ClaimChecks(names, "claims." + claimName).check(claim);
  }

  private void check(ClaimSpec claim) {
    if (claim instanceof ClaimSpec.Ratio ratio) {
      ratio(ratio);
    } else if (claim instanceof ClaimSpec.Exponential waits) {
      names.threshold(
          path + ".threshold", waits.threshold(), one("data", waits.data(), waits.where()));
    } else if (claim instanceof ClaimSpec.EarlyWarning warning) {
      List<Condition> data = one("data", warning.data(), warning.where());
      names.threshold(path + ".threshold", warning.threshold(), data);
      names.metric(path + ".metric", warning.metric(), data);
    } else if (claim instanceof ClaimSpec.Spread spread) {
      names.column(path + ".of", spread.of(), one("data", spread.data(), spread.where()));
      names.column(path + ".of", spread.of(), one("baseline", spread.baseline(), spread.where()));
      if (spread.data().equals(spread.baseline())) {
        names
            .out()
            .report(
                names.place(path + ".baseline"),
                Code.E152,
                "data and baseline are the same sweep, whose variance over itself is always 1",
                "name another sweep");
      }
      claimsSomething(spread.atLeast(), spread.atMost());
    } else if (claim instanceof ClaimSpec.SeedRange range) {
      List<Condition> all = names.conditions(path + ".data", List.of(range.data()));
      names.column(path + ".of", range.of(), names.where(path + ".where", range.where(), all));
      claimsSomething(range.atLeast(), range.atMost());
    } else if (claim instanceof ClaimSpec.WithinRun pair) {
      withinRun(pair);
    } else if (claim instanceof ClaimSpec.Ladder ladder) {
      ladder(ladder);
    }
  }

  private void withinRun(ClaimSpec.WithinRun claim) {
    List<Condition> all = names.conditions(path + ".data", List.of(claim.data()));
    List<Condition> data = names.where(path + ".where", claim.where(), all);
    names.column(path + ".of", claim.of(), data);
    names.column(path + ".baseline", claim.baseline(), data);
    if (claim.of().equals(claim.baseline())) {
      names
          .out()
          .report(
              names.place(path + ".baseline"),
              Code.E152,
              "of and baseline are the same column, whose ratio is always 1",
              "name another column");
    }
    claimsSomething(claim.atLeast(), claim.atMost());
  }

  private void ladder(ClaimSpec.Ladder claim) {
    for (Condition condition : one("data", claim.data(), claim.where())) {
      Map<String, Threshold> known = condition.config().measurement().thresholds();
      Threshold row = known.get(claim.threshold() + ".0");
      boolean rows = row != null && row.metric().endsWith(".loss.row.0");
      if (!rows || known.get(claim.threshold() + ".all") == null) {
        names
            .out()
            .report(
                names.place(path + ".threshold"),
                Code.E150,
                "there is no family of thresholds '"
                    + claim.threshold()
                    + "' on the losses of rows",
                "declare one: rows: {metric: test.loss.row.*, below: 0.35}");
      }
    }
  }

  private void ratio(ClaimSpec.Ratio claim) {
    List<Condition> data = names.conditions(path + ".data", List.of(claim.data()));
    names.column(path + ".of", claim.of(), data);
    List<Condition> baseline = names.where(path + ".baseline", claim.baseline(), data);
    if (!baseline.isEmpty() && baseline.size() == data.size()) {
      names
          .out()
          .report(
              names.place(path + ".baseline"),
              Code.E125,
              "every condition is the baseline, so nothing is left to compare",
              "name a value that only some conditions have");
    } else if (!baseline.isEmpty()) {
      Set<Condition> bases = new HashSet<>(baseline);
      List<Condition> others = data.stream().filter(c -> !bases.contains(c)).toList();
      partners(claim, names.where(path + ".where", claim.where(), others), baseline);
    }
    claimsSomething(claim.atLeast(), claim.atMost());
  }

  /** What goes along with a value that singles out the baseline must be named too. */
  private void partners(ClaimSpec.Ratio claim, List<Condition> others, List<Condition> baseline) {
    Set<String> named =
        claim.baseline().keySet().stream().map(names::path).collect(Collectors.toSet());
    Partners partners = new Partners(baseline, named);
    if (others.stream().anyMatch(c -> partners.of(c).isPresent())) {
      return;
    }
    Optional<Set<String>> least =
        others.stream()
            .flatMap(c -> baseline.stream().map(b -> differing(b, c, named)))
            .min(Comparator.comparingInt(Set::size));
    if (least.isPresent()) {
      String more = String.join(" and ", least.get());
      names
          .out()
          .report(
              names.place(path + ".baseline"),
              Code.E125,
              "no condition differs from the baseline in "
                  + String.join(" and ", claim.baseline().keySet())
                  + " alone, so nothing is compared",
              "name the baseline's " + more + " too");
    }
  }

  private static Set<String> differing(Condition a, Condition b, Set<String> except) {
    Set<String> out = new TreeSet<>();
    a.values()
        .forEach(
            (path, value) -> {
              if (!except.contains(path) && !value.equals(b.values().get(path))) {
                out.add(path);
              }
            });
    if (!except.contains("variant") && !a.variant().equals(b.variant())) {
      out.add("variant");
    }
    return out;
  }

  /** The condition that is left of a sweep; seeds of several must not be mixed. */
  private List<Condition> one(String key, String sweep, Map<String, Object> where) {
    List<Condition> all = names.conditions(path + "." + key, List.of(sweep));
    List<Condition> left = names.where(path + ".where", where, all);
    if (left.size() > 1) {
      names
          .out()
          .report(
              names.place(path + "." + key),
              Code.E140,
              left.size()
                  + " conditions are left of "
                  + sweep
                  + ", and a claim about seeds is about one",
              "say which by where");
    }
    return left;
  }

  private void claimsSomething(Optional<Double> atLeast, Optional<Double> atMost) {
    if (atLeast.isEmpty() && atMost.isEmpty()) {
      names
          .out()
          .report(
              names.key(path), Code.E152, path + " claims nothing", "give it at_least or at_most");
    } else if (atLeast.isPresent() && atMost.isPresent() && atLeast.get() > atMost.get()) {
      names.out().report(names.key(path), Code.E152, "at_least is above at_most in " + path);
    }
  }
}
