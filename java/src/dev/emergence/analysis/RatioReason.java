package dev.emergence.analysis;

import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.List;

/**
 * The sentence about a claim of kind ratio.
 *
 * @param spec the claim
 * @param ratios all of its ratios
 * @param judged the one that is judged
 * @param largest whether it is judged by its largest ratio, not its smallest
 */
record RatioReason(
    ClaimSpec.Ratio spec, List<ClaimReport.Ratio> ratios, Bounds judged, boolean largest) {

  /**
   * The number that was judged, the claimed band, and why the claim is open or fails.
   *
   * @param details of the number, each some words: where it is, and its interval
   */
  String words(Verdict verdict, List<String> details) {
    String which =
        switch (spec.ratio()) {
          case BEST -> "the best ratio is ";
          case WORST -> "the worst ratio is ";
          case EACH -> largest ? "the largest ratio is " : "the worst ratio is ";
        };
    boolean known = ratios.stream().allMatch(r -> r.ratio().known());
    return which
        + judged.words()
        + (details.isEmpty() ? "" : " (" + String.join("; ", details) + ")")
        + ", claimed is "
        + RatioJudge.band(spec.atLeast(), spec.atMost())
        + (verdict == Verdict.UNDECIDED && !known ? "; " + open() : "")
        + (verdict == Verdict.FAILS ? side() : "");
  }

  /** Better than claimed fails too, where an upper bound is claimed, and is named so. */
  private String side() {
    double most = spec.atMost().orElse(Double.POSITIVE_INFINITY);
    return judged.lower() > most ? ": above its band" : ": below its band";
  }

  private String open() {
    List<ClaimReport.Ratio> open = ratios.stream().filter(r -> !r.ratio().known()).toList();
    long zero = open.stream().filter(RatioReason::isOverZero).count();
    List<String> reasons = new ArrayList<>();
    if (zero > 0) {
      reasons.add(
          "in "
              + counted(zero)
              + " the number is 0 in the condition, so that nothing can be divided by it (a"
              + " threshold that is passed before training?)");
    }
    if (zero < open.size()) {
      reasons.add(
          "in "
              + counted(open.size() - zero)
              + " seeds are unreached, unmeasured, diverged, failed or missing");
    }
    return open.size()
        + " of "
        + counted(ratios.size())
        + (open.size() == 1 ? " is" : " are")
        + " open: "
        + String.join("; ", reasons);
  }

  private static String counted(long ratios) {
    return Numeral.count(ratios, "ratio");
  }

  private static boolean isOverZero(ClaimReport.Ratio r) {
    return r.condition().known() && r.condition().lower() == 0;
  }
}
