package dev.emergence.analysis;

import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import dev.emergence.fit.MeanRatio;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code fits.json} and {@code claims.json} as trees; unknown numbers are null. */
public final class Verdicts {
  private Verdicts() {}

  /**
   * Each fit's parameters with intervals, its quality, its points, and what became of its
   * expectations.
   */
  public static Map<String, Object> fits(Analysis analysis) {
    Map<String, Object> out = new LinkedHashMap<>();
    analysis.fits().forEach((name, report) -> out.put(name, fit(report)));
    return out;
  }

  private static Map<String, Object> fit(FitReport report) {
    FitSpec spec = report.spec();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("formula", spec.formula());
    out.put("data", spec.data());
    out.put("method", Keys.word(spec.method()));
    out.put("points_are", Keys.word(spec.points()));
    out.put("times_are", Keys.word(spec.times()));
    out.put("unreached_are", Keys.word(spec.unreachedOrDefault()));
    if (report.result() instanceof FitResult.Fitted fitted) {
      fitted(fitted, spec, out);
    } else if (report.result() instanceof FitResult.Refused refused) {
      out.put("refused", refused.reason());
    }
    out.put("points", report.result().points());
    out.put("unreached", report.result().unreached());
    out.put("diverged", report.count(State.DIVERGED));
    out.put("failed", report.count(State.FAILED));
    out.put("missing", report.count(State.MISSING));
    if (report.count(State.UNMEASURED) > 0) {
      out.put("unmeasured", report.count(State.UNMEASURED));
    }
    out.put("condition_number", report.result().condition());
    if (!report.notes().isEmpty()) {
      out.put("notes", report.notes());
    }
    if (!spec.published().isEmpty()) {
      out.put("published", spec.published());
    }
    out.put("expect", expectations(report));
    return out;
  }

  private static void fitted(FitResult.Fitted fitted, FitSpec spec, Map<String, Object> out) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    fitted.parameters().forEach((name, estimate) -> parameters.put(name, estimate(estimate)));
    out.put("parameters", parameters);
    out.put("r2", fitted.r2());
    out.put("residual_std", fitted.residualStd());
    Map<String, Object> interval = new LinkedHashMap<>();
    interval.put("level", fitted.interval().level());
    interval.put("by", Keys.word(spec.interval().by()));
    interval.put("units", fitted.units());
    out.put("interval", interval);
  }

  private static Map<String, Object> estimate(Estimate estimate) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("value", estimate.value());
    out.put("lower", estimate.lower());
    out.put("upper", estimate.upper());
    return out;
  }

  private static Map<String, Object> expectations(FitReport report) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (Met met : report.expectations()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("value", met.value());
      met.expectation().near().ifPresent(v -> entry.put("near", v));
      met.expectation().within().ifPresent(v -> entry.put("within", v));
      met.expectation().atLeast().ifPresent(v -> entry.put("at_least", v));
      met.expectation().atMost().ifPresent(v -> entry.put("at_most", v));
      entry.put("judged", report.isJudged());
      if (report.isJudged()) {
        entry.put("holds", met.holds());
        met.miss().ifPresent(miss -> entry.put("missed", miss.words()));
      }
      out.put(met.name(), entry);
    }
    return out;
  }

  /** Each claim's verdict with the numbers behind it. */
  public static Map<String, Object> claims(Analysis analysis) {
    Map<String, Object> out = new LinkedHashMap<>();
    analysis.claims().forEach((name, report) -> out.put(name, claim(report)));
    return out;
  }

  private static Map<String, Object> claim(ClaimReport report) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("verdict", report.verdict().word());
    out.put("reason", report.reason());
    if (report.spec() instanceof ClaimSpec.Ratio ratio) {
      ratio(ratio, report, out);
    } else {
      out.put("kind", Keys.kindOf((Record) report.spec()));
      out.put("data", report.spec().data());
      out.put("judged", bounds(report.judged()));
      report.numbers().forEach((key, value) -> out.put(key, number(value)));
    }
    return out;
  }

  private static void ratio(ClaimSpec.Ratio spec, ClaimReport report, Map<String, Object> out) {
    out.put("data", spec.data());
    out.put("of", spec.of());
    out.put("baseline", spec.baseline());
    out.put("ratio", Keys.word(spec.ratio()));
    spec.atLeast().ifPresent(v -> out.put("at_least", v));
    spec.atMost().ifPresent(v -> out.put("at_most", v));
    out.put("judged", bounds(report.judged()));
    List<Object> ratios = new ArrayList<>();
    for (ClaimReport.Ratio r : report.ratios()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("condition", r.values());
      entry.put("baseline_mean", bounds(r.baseline()));
      entry.put("condition_mean", bounds(r.condition()));
      entry.put("ratio", bounds(r.ratio()));
      MeanRatio interval = r.interval(RatioJudge.LEVEL);
      if (interval.hasInterval()) {
        entry.put("interval", interval(interval));
      }
      ratios.add(entry);
    }
    out.put("ratios", ratios);
  }

  private static Map<String, Object> interval(MeanRatio ratio) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("level", RatioJudge.LEVEL);
    out.put("lower", ratio.lower());
    out.put("upper", ratio.upper());
    return out;
  }

  /** A number, or the bounds of one that is known in part. */
  private static Object number(Object value) {
    return value instanceof Bounds b ? (b.known() ? b.lower() : bounds(b)) : value;
  }

  /** Both ends are null where nothing is known; the upper one alone where the number is open. */
  private static Map<String, Object> bounds(Bounds bounds) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("lower", bounds.lower());
    out.put("upper", bounds.upper());
    out.put("open", bounds.open());
    return out;
  }
}
