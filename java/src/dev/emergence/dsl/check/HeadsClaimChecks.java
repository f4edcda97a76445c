package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.spec.Condition;
import dev.emergence.spec.HeadAblationSpec;
import dev.emergence.spec.HeadPatchingSpec;
import dev.emergence.spec.HeadPatchingSpec.Direction;
import dev.emergence.spec.HeadsClaim;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Stack;
import dev.emergence.spec.StudySpec;
import dev.emergence.spec.StudySpec.Choice;
import dev.emergence.spec.StudySpec.HeadSets;
import dev.emergence.spec.expr.Paths;
import dev.emergence.spec.expr.Symbols;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether a study of heads finds what a claim is about. */
final class HeadsClaimChecks {
  private final References names;
  private final String path;
  private final HeadsClaim claim;

  private HeadsClaimChecks(References names, String path, HeadsClaim claim) {
    this.names = names;
    this.path = path;
    this.claim = claim;
  }

  static void check(References names, String path, HeadsClaim claim, StudySpec study) {
    HeadsClaimChecks checks = new HeadsClaimChecks(names, path, claim);
    checks.runs(study);
    if (study instanceof HeadPatchingSpec patching) {
      checks.patching(patching);
    } else if (study instanceof HeadAblationSpec ablation) {
      checks.ablation(ablation);
    } else {
      checks.report(
          "data", Keys.kindOf((Record) study) + " changes no heads", "name a study of heads");
    }
  }

  /** Whether the study has runs of one condition that the claim can be about. */
  private void runs(StudySpec study) {
    String at = "studies." + claim.data();
    List<Condition> all = names.conditions(at + ".data", study.data());
    List<Condition> studied = distinct(names.where(at + ".where", study.where(), all));
    List<Condition> left = names.where(path + ".where", claim.where(), studied);
    if (left.size() > 1) {
      boolean sweeps = left.stream().map(Condition::sweep).distinct().count() > 1;
      report(
          "data",
          left.size()
              + " conditions are left of "
              + claim.data()
              + ", and a claim about heads is about one",
          "say which by where" + (sweeps ? ", or make a study of one sweep" : ""));
    }
    seeds(study);
    left.stream().findFirst().ifPresent(condition -> enough(condition.config()));
  }

  /** A study finds rows once for sweeps with the same condition and seeds: under the first. */
  private List<Condition> distinct(List<Condition> conditions) {
    Map<Object, Condition> first = new LinkedHashMap<>();
    conditions.forEach(c -> first.putIfAbsent(List.of(c.config(), names.seeds(c)), c));
    return List.copyOf(first.values());
  }

  private void seeds(StudySpec study) {
    Object wanted = claim.where().get(Symbols.SEED);
    Object studied = study.where().get(Symbols.SEED);
    if (wanted != null && studied != null && !Paths.same(wanted, studied)) {
      names
          .out()
          .report(
              names.place(path + ".where"),
              Code.E125,
              claim.data() + " studies no run with seed = " + wanted,
              "seed is " + studied);
    }
  }

  /** Whether the model has so many heads. */
  private void enough(RunConfig config) {
    int heads =
        config.architecture().stack().map(Stack::layers).orElse(0) * config.architecture().heads();
    int least =
        switch (claim.heads()) {
          case TOP -> claim.size();
          case RANDOM -> 2 * claim.size();
          case SECOND, MEDIAN -> 2;
          case ALL -> 1;
        };
    if (heads > 0 && heads < least) {
      report(
          claim.heads().hasSize() ? "size" : "heads",
          "the model has "
              + Numeral.count(heads, "head")
              + ", too few for the "
              + claim.heads().words(claim.size()),
          claim.heads() == HeadsClaim.Which.RANDOM
              ? "random ones are drawn from those that are not the most effective"
              : "");
    }
  }

  private void patching(HeadPatchingSpec study) {
    boolean both = study.direction() == Direction.BOTH;
    if (claim.at().isPresent()) {
      report("at", "head_patching has directions, not moments", "write direction: forward");
    }
    if (both && claim.direction().filter(d -> d != Direction.BOTH).isEmpty()) {
      report(
          "direction",
          claim.data() + " goes both ways, and a claim is about one",
          "write direction: forward, or reverse");
    } else if (!both && claim.direction().filter(d -> d != study.direction()).isPresent()) {
      report("direction", claim.data() + " goes " + Keys.word(study.direction()) + " alone", "");
    }
    sets(study.sets());
  }

  private void ablation(HeadAblationSpec study) {
    String moments = String.join(" ", study.at());
    if (claim.direction().isPresent()) {
      report("direction", "head_ablation has no direction", "leave it out");
    }
    if (claim.at().isEmpty() && study.at().size() > 1) {
      report("at", claim.data() + " has several moments", "say which by at: " + moments);
    }
    claim.at().ifPresent(at -> names.word(path + ".at", at, study.at(), "moment"));
    if (claim.of() == HeadsClaim.Of.RECOVERED) {
      report(
          "of", "without the patterns of another model nothing is recovered", "write of: effect");
    }
    sets(study.sets());
  }

  /** Whether so many heads are changed at once. */
  private void sets(HeadSets sets) {
    boolean first = claim.heads() == HeadsClaim.Which.TOP && claim.size() == 1;
    if (!claim.heads().hasSize() && claim.size() != 1) {
      report("size", Keys.word(claim.heads()) + " has no size", "leave it out");
    } else if (claim.heads().hasSize() && !first) {
      boolean random = claim.heads() == HeadsClaim.Which.RANDOM;
      List<Integer> sizes = sets.heads() == Choice.TOP ? sets.top() : List.of();
      if (!sizes.contains(claim.size()) || (random && sets.random() == 0)) {
        report(
            "size",
            claim.data() + " does not change the " + claim.heads().words(claim.size()),
            "write heads: top, top: ["
                + claim.size()
                + "]"
                + (random ? ", random: 5" : "")
                + " in the study");
      }
    }
  }

  private void report(String key, String message, String hint) {
    names.out().report(names.place(path + "." + key), Code.E140, message, hint);
  }
}
