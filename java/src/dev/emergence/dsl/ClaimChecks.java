package dev.emergence.dsl;

import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Condition;
import java.util.List;

/** Whether a claim can be judged. */
final class ClaimChecks {
  private ClaimChecks() {}

  static void check(References names, String claimName, ClaimSpec claim) {
    String path = "claims." + claimName;
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
    }
    if (claim.atLeast().isEmpty() && claim.atMost().isEmpty()) {
      names
          .out()
          .report(
              names.key(path), Code.E152, path + " claims nothing", "give it at_least or at_most");
    }
  }
}
