package dev.emergence.analysis;

import dev.emergence.fit.Exponentiality;
import dev.emergence.fit.Exponentiality.Wait;
import dev.emergence.measure.Emergence;
import dev.emergence.measure.Ending;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Judges a claim about the distribution of waiting times. */
final class WaitJudge {
  private final ClaimSpec.Exponential spec;
  private final OneCondition runs;

  WaitJudge(Analysis analysis, ClaimSpec.Exponential spec) {
    this.spec = spec;
    this.runs = OneCondition.of(analysis, spec.data(), spec.where());
  }

  ClaimReport report() {
    List<Wait> waits = new ArrayList<>();
    for (Observation run : runs.ended()) {
      State state = run.state(spec.threshold());
      double limit = Ending.limit(run.config());
      if (run.emergence(spec.threshold()) instanceof Emergence.Reached reached) {
        waits.add(new Wait(reached.step(), false, limit));
      } else if (state == State.UNREACHED || state == State.STOPPED) {
        waits.add(new Wait(run.lastStep(), true, run.lastStep()));
      }
    }
    long before = runs.passedBefore(spec.threshold());
    if (before > 0 && spec.after().orElse(0.0) == 0) {
      return runs.open(
          spec,
          before
              + " of "
              + runs.size()
              + " runs had passed "
              + spec.threshold()
              + " before training, so how long they waited is not known");
    }
    double grid = runs.config().measurement().evaluateEvery();
    Exponentiality test;
    try {
      double after = spec.after().orElse(Double.NaN);
      test = Exponentiality.of(waits, grid, after, spec.resamples());
    } catch (IllegalArgumentException tooFew) {
      return runs.open(spec, String.valueOf(tooFew.getMessage()));
    }
    boolean refuted = test.p() <= spec.level();
    boolean holds = refuted == (spec.expect() == ClaimSpec.Shape.NOT_EXPONENTIAL);
    return runs.report(spec, holds, reason(test, refuted), test.p(), numbers(test));
  }

  private String reason(Exponentiality test, boolean refuted) {
    String side =
        !refuted
            ? "they cannot be told from exponential ones"
            : test.score() > 0
                ? "they are more regular than exponential ones, the hazard rises"
                : "they are more spread than exponential ones, the hazard falls";
    return String.format(
        Locale.ROOT,
        "%d waits (%d emerged) from step %.0f on, mean %s: Cox and Oakes' score is %s standard"
            + " deviations, p = %s, so %s; claimed is %s at %s",
        test.runs(),
        test.emerged(),
        test.start(),
        Numeral.of(test.mean()),
        Numeral.of(test.score()),
        Numeral.of(test.p()),
        side,
        spec.expect() == ClaimSpec.Shape.EXPONENTIAL ? "exponential" : "not exponential",
        Numeral.of(spec.level()));
  }

  private static Map<String, Object> numbers(Exponentiality test) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("p", test.p());
    out.put("score", test.score());
    out.put("waits", test.runs());
    out.put("emerged", test.emerged());
    out.put("from_step", test.start());
    out.put("mean_wait", test.mean());
    return out;
  }
}
