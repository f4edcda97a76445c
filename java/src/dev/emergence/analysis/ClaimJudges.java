package dev.emergence.analysis;

import dev.emergence.spec.AbruptClaim;
import dev.emergence.spec.Catalog;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.HeadsClaim;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges any {@code claims:} entry. */
final class ClaimJudges {
  private static final Catalog<ClaimSpec, Judge> KNOWN =
      Catalog.complete(
          "claim",
          ClaimSpec.class,
          Map.of(
              ClaimSpec.Ratio.class,
              (a, claim) -> new RatioJudge(a, (ClaimSpec.Ratio) claim).report(),
              ClaimSpec.Exponential.class,
              (a, claim) -> new WaitJudge(a, (ClaimSpec.Exponential) claim).report(),
              ClaimSpec.Spread.class,
              (a, claim) -> new SpreadJudge(a, (ClaimSpec.Spread) claim).report(),
              ClaimSpec.EarlyWarning.class,
              (a, claim) -> new WarningJudge(a, (ClaimSpec.EarlyWarning) claim).report(),
              ClaimSpec.Ladder.class,
              (a, claim) -> new LadderJudge(a, (ClaimSpec.Ladder) claim).report(),
              ClaimSpec.SeedRange.class,
              (a, claim) -> new RangeJudge(a, (ClaimSpec.SeedRange) claim).report(),
              ClaimSpec.WithinRun.class,
              (a, claim) -> new WithinRunJudge(a, (ClaimSpec.WithinRun) claim).report(),
              AbruptClaim.class,
              (a, claim) -> new AbruptJudge(a, (AbruptClaim) claim).report(),
              HeadsClaim.class,
              (a, claim) -> new HeadsJudge(a, (HeadsClaim) claim).report()));

  private ClaimJudges() {}

  private interface Judge {
    ClaimReport report(Analysis analysis, ClaimSpec claim);
  }

  static ClaimReport report(Analysis analysis, ClaimSpec claim) {
    return leftOut(analysis, claim).orElseGet(() -> judged(analysis, claim));
  }

  private static ClaimReport judged(Analysis analysis, ClaimSpec claim) {
    ClaimReport report = KNOWN.of(claim).report(analysis, claim);
    int rivals = analysis.missingRivals(sweeps(claim), wheres(claim));
    return rivals == 0 ? report : report.open(rivals);
  }

  /** Sweeps that it reads as {@code select} leaves them: a study is of all of their runs. */
  private static List<String> sweeps(ClaimSpec claim) {
    if (claim instanceof ClaimSpec.Spread spread) {
      return List.of(spread.data(), spread.baseline());
    }
    return claim instanceof HeadsClaim ? List.of() : List.of(claim.data());
  }

  /** Values of the conditions that it reads there. */
  private static List<Map<String, Object>> wheres(ClaimSpec claim) {
    return claim instanceof ClaimSpec.Ratio ratio
        ? List.of(ratio.where(), ratio.baseline())
        : List.of(claim.where());
  }

  /**
   * A claim is of some conditions before anything has run, but {@code select} may have chosen none
   * of them.
   */
  private static Optional<ClaimReport> leftOut(Analysis analysis, ClaimSpec claim) {
    boolean judged =
        claim instanceof HeadsClaim
            || !analysis.cells(List.of(claim.data()), claim.where()).isEmpty();
    if (judged) {
      return Optional.empty();
    }
    int missing = SharedRuns.missing(analysis.cells(claim.data()));
    String reason =
        "select of "
            + claim.data()
            + " has left out every condition that where keeps"
            + (missing > 0 ? OneCondition.lacking(missing) : "");
    return Optional.of(
        new ClaimReport(
            claim, Verdict.UNDECIDED, reason, Bounds.UNKNOWN, List.of(), Map.of(), missing));
  }
}
