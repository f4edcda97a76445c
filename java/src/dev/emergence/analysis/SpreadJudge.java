package dev.emergence.analysis;

import dev.emergence.fit.VarianceRatio;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges whether a number spreads more over the seeds of one sweep than over those of another. */
final class SpreadJudge {
  private static final double LEVEL = 0.95;

  private final ClaimSpec.Spread spec;
  private final OneCondition runs;
  private final OneCondition others;

  SpreadJudge(Analysis analysis, ClaimSpec.Spread spec) {
    this.spec = spec;
    this.runs = OneCondition.of(analysis, spec.data(), spec.where());
    this.others = OneCondition.of(analysis, spec.baseline(), spec.where());
  }

  ClaimReport report() {
    List<Double> ours = runs.logarithms(spec.of());
    List<Double> theirs = others.logarithms(spec.of());
    int without = runs.size() - ours.size() + others.size() - theirs.size();
    long before =
        Observation.thresholdOf(spec.of())
            .map(t -> runs.passedBefore(t) + others.passedBefore(t))
            .orElse(0L);
    if (before > 0) {
      return both()
          .open(
              spec,
              Numeral.count(before, "run")
                  + " had passed "
                  + spec.of()
                  + " at step 0, which has no logarithm");
    }
    if (without > 0) {
      return both()
          .open(
              spec,
              without
                  + " of "
                  + (runs.size() + others.size())
                  + " runs have no value of "
                  + spec.of()
                  + OneCondition.troubles(lacking())
                  + ", and a variance without them would be too small");
    }
    if (ids(runs).equals(ids(others))) {
      return both()
          .open(
              spec, spec.data() + " and " + spec.baseline() + " are the same runs under two names");
    }
    VarianceRatio ratio = VarianceRatio.of(ours, theirs, LEVEL);
    if (Double.isNaN(ratio.value())) {
      return both().open(spec, spec.of() + " does not vary, or there are fewer than two seeds");
    }
    double low = spec.atLeast().orElse(Double.NEGATIVE_INFINITY);
    double high = spec.atMost().orElse(Double.POSITIVE_INFINITY);
    boolean holds = ratio.value() >= low && ratio.value() <= high;
    String side = ratio.value() > high ? ": above its band" : ": below its band";
    String reason =
        String.format(
            Locale.ROOT,
            "the variance of ln %s is %s in %s (%d runs) and %s in %s (%d runs): ratio %s, %s;"
                + " claimed is %s%s",
            spec.of(),
            Numeral.of(VarianceRatio.variance(ours)),
            spec.data(),
            ours.size(),
            Numeral.of(VarianceRatio.variance(theirs)),
            spec.baseline(),
            theirs.size(),
            Numeral.of(ratio.value()),
            interval(ratio),
            band(),
            holds ? "" : side);
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("variance", VarianceRatio.variance(ours));
    numbers.put("baseline_variance", VarianceRatio.variance(theirs));
    numbers.put("ratio", ratio.value());
    if (!Double.isNaN(ratio.lower())) {
      numbers.put("lower", ratio.lower());
      numbers.put("upper", ratio.upper());
    }
    return both().report(spec, holds, reason, ratio.value(), numbers);
  }

  private static Set<String> ids(OneCondition of) {
    return of.seeds().stream().map(run -> run.assignment().run()).collect(Collectors.toSet());
  }

  private List<Observation> lacking() {
    return both().seeds().stream()
        .filter(run -> run.value(spec.of()).filter(v -> !v.censored()).isEmpty())
        .toList();
  }

  private OneCondition both() {
    List<Observation> all = new ArrayList<>(runs.seeds());
    all.addAll(others.seeds());
    return new OneCondition(all, runs.config());
  }

  private String interval(VarianceRatio ratio) {
    return Double.isNaN(ratio.lower())
        ? "without an interval, because leaving out single runs leaves no variance or always the same"
        : RatioJudge.interval(
            new Bounds(ratio.lower(), ratio.upper()), spec.atLeast(), spec.atMost());
  }

  private String band() {
    return spec.atLeast().map(v -> "at least " + v).orElse("")
        + (spec.atLeast().isPresent() && spec.atMost().isPresent() ? " and " : "")
        + spec.atMost().map(v -> "at most " + v).orElse("");
  }
}
