package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.spec.AbruptClaim;
import dev.emergence.spec.Catalog;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Condition;
import dev.emergence.spec.HeadsClaim;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.Partners;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.StudySpec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Whether a claim can be judged. */
final class ClaimChecks {
  private static final Catalog<ClaimSpec, BiConsumer<ClaimChecks, ClaimSpec>> KNOWN =
      Catalog.complete(
          "claim",
          ClaimSpec.class,
          Map.of(
              ClaimSpec.Ratio.class, (c, claim) -> c.ratio((ClaimSpec.Ratio) claim),
              ClaimSpec.Exponential.class,
                  (c, claim) -> c.exponential((ClaimSpec.Exponential) claim),
              ClaimSpec.Spread.class, (c, claim) -> c.spread((ClaimSpec.Spread) claim),
              ClaimSpec.EarlyWarning.class,
                  (c, claim) -> c.earlyWarning((ClaimSpec.EarlyWarning) claim),
              ClaimSpec.Ladder.class, (c, claim) -> c.ladder((ClaimSpec.Ladder) claim),
              ClaimSpec.SeedRange.class, (c, claim) -> c.seedRange((ClaimSpec.SeedRange) claim),
              ClaimSpec.WithinRun.class, (c, claim) -> c.withinRun((ClaimSpec.WithinRun) claim),
              AbruptClaim.class, (c, claim) -> c.abrupt((AbruptClaim) claim),
              HeadsClaim.class, (c, claim) -> c.heads((HeadsClaim) claim)));

  private final References names;
  private final Map<String, StudySpec> studies;
  private final String path;

  private ClaimChecks(References names, Map<String, StudySpec> studies, String path) {
    this.names = names;
    this.studies = studies;
    this.path = path;
  }

  static void check(
      References names, Map<String, StudySpec> studies, String claimName, ClaimSpec claim) {
    KNOWN.of(claim).accept(new ClaimChecks(names, studies, "claims." + claimName), claim);
  }

  private void exponential(ClaimSpec.Exponential claim) {
    names.threshold(
        path + ".threshold", claim.threshold(), one("data", claim.data(), claim.where()));
  }

  private void earlyWarning(ClaimSpec.EarlyWarning claim) {
    List<Condition> data = one("data", claim.data(), claim.where());
    names.threshold(path + ".threshold", claim.threshold(), data);
    names.metric(path + ".metric", claim.metric(), data);
  }

  private void spread(ClaimSpec.Spread claim) {
    names.column(path + ".of", claim.of(), one("data", claim.data(), claim.where()));
    names.column(path + ".of", claim.of(), one("baseline", claim.baseline(), claim.where()));
    if (claim.data().equals(claim.baseline())) {
      names
          .out()
          .report(
              names.place(path + ".baseline"),
              Code.E152,
              "data and baseline are the same sweep, whose variance over itself is always 1",
              "name another sweep");
    }
    claimsSomething(claim.atLeast(), claim.atMost());
  }

  private void seedRange(ClaimSpec.SeedRange claim) {
    names.column(path + ".of", claim.of(), several(claim.data(), claim.where()));
    claimsSomething(claim.atLeast(), claim.atMost());
  }

  private void abrupt(AbruptClaim claim) {
    List<Condition> data = several(claim.data(), claim.where());
    References.kinds(data).stream()
        .filter(config -> Metrics.matching(claim.metric(), config).isEmpty())
        .findFirst()
        .ifPresent(config -> names.unmeasured(path + ".metric", claim.metric(), config));
    data.stream()
        .map(Condition::config)
        .filter(config -> config.architecture().isTrained())
        .filter(c -> c.measurement().evaluateEvery() > claim.within(lastEvaluation(c)))
        .findFirst()
        .ifPresent(config -> tooNarrow(claim, config));
    claimsSomething(claim.atLeast(), claim.atMost());
  }

  private static long lastEvaluation(RunConfig config) {
    long steps = config.training().maxSteps();
    return steps - steps % config.measurement().evaluateEvery();
  }

  /** No two evaluations can be that close. */
  private void tooNarrow(AbruptClaim claim, RunConfig config) {
    long steps = (long) claim.within(lastEvaluation(config));
    names
        .out()
        .report(
            names.place(path + ".window"),
            Code.E152,
            "evaluations are "
                + config.measurement().evaluateEvery()
                + " steps apart, and the window is at most "
                + Numeral.count(steps, "step")
                + " long",
            "evaluate more often, or claim it of a longer window");
  }

  private void heads(HeadsClaim claim) {
    names.word(path + ".data", claim.data(), studies.keySet(), "study");
    StudySpec study = studies.get(claim.data());
    if (study != null) {
      HeadsClaimChecks.check(names, path, claim, study);
    }
    claimsSomething(claim.atLeast(), claim.atMost());
  }

  private void withinRun(ClaimSpec.WithinRun claim) {
    List<Condition> data = several(claim.data(), claim.where());
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
    new LadderClaimChecks(names, path, claim).check(one("data", claim.data(), claim.where()));
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
    // What select chooses may differ between the two: it is tuned, not compared.
    named.addAll(names.chosen(claim.data()));
    Partners partners = new Partners(baseline, named);
    if (Clocks.isTime(claim.of())
        && others.stream().anyMatch(c -> otherClock(c, partners, baseline))) {
      Clocks.report(names, names.place(path + ".baseline"));
    }
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

  private static boolean otherClock(Condition c, Partners partners, List<Condition> baseline) {
    OptionalInt partner = partners.of(c);
    return partner.isPresent() && !Clocks.same(c, baseline.get(partner.getAsInt()));
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

  private List<Condition> several(String sweep, Map<String, Object> where) {
    return names.where(path + ".where", where, names.conditions(path + ".data", List.of(sweep)));
  }

  /** The condition that is left of a sweep; seeds of several must not be mixed. */
  private List<Condition> one(String key, String sweep, Map<String, Object> where) {
    List<Condition> all = names.conditions(path + "." + key, List.of(sweep));
    return one(key, sweep, names.where(path + ".where", where, all));
  }

  private List<Condition> one(String key, String sweep, List<Condition> left) {
    // Which of a group is chosen by select follows from the runs.
    Set<String> chosen = names.chosen(sweep);
    long groups = left.stream().map(c -> others(c, chosen)).distinct().count();
    if (groups > 1) {
      names
          .out()
          .report(
              names.place(path + "." + key),
              Code.E140,
              groups
                  + " conditions are left of "
                  + sweep
                  + ", and a claim about seeds is about one",
              "say which by where");
    }
    return left;
  }

  private static List<Object> others(Condition condition, Set<String> chosen) {
    Map<String, Object> values = new HashMap<>(condition.values());
    values.keySet().removeAll(chosen);
    return List.of(condition.variant(), values);
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
