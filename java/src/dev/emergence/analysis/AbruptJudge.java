package dev.emergence.analysis;

import dev.emergence.result.Outcome;
import dev.emergence.spec.AbruptClaim;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges whether a metric changes within a small part of each run. A share is taken between two
 * evaluations at most the window apart, so that it is never larger than what finer evaluations
 * would give.
 */
final class AbruptJudge {
  /** A share that is not 1 with rounding. */
  private static final double OVERSHOT = 1.01;

  private static final String WENT_BACK =
      " it is above 1, since the metric goes back again; least_change leaves out what changes little";

  private static final String NO_NUMBER = " without a number of it";

  private final AbruptClaim spec;
  private final EachRun shares;
  private final List<Double> from = new ArrayList<>();
  private final List<Double> to = new ArrayList<>();
  private final int missing;
  private int flat;
  private int sparse;
  private int back;
  private int ended;
  private int unmeasured;
  private boolean inTime;

  AbruptJudge(Analysis analysis, AbruptClaim spec) {
    this.spec = spec;
    this.shares = new EachRun("curve", spec.atLeast(), spec.atMost(), spec.curves());
    List<Cell> cells = analysis.cells(List.of(spec.data()), spec.where());
    this.missing = SharedRuns.missing(cells);
    SharedRuns.of(cells, run -> List.of(run.ended(), run.lastStep())).stream()
        .filter(run -> run.ended().isPresent())
        .forEach(this::add);
  }

  private void add(Observation run) {
    inTime |= run.config().training().optimizer().inTime();
    List<String> columns = Metrics.matching(spec.metric(), run.config());
    if (run.ended().get() != Outcome.State.COMPLETE) {
      ended++;
      columns.forEach(column -> shares.add(Bounds.UNKNOWN));
      return;
    }
    if (!columns.isEmpty() && columns.stream().noneMatch(run.curve()::isMeasured)) {
      unmeasured++;
      shares.add(Bounds.UNKNOWN);
      return;
    }
    double window = spec.within(run.lastStep());
    columns.stream()
        .filter(run.curve()::has)
        .map(column -> Jump.of(run.curve().steps(), run.curve().column(column), window))
        .forEach(this::add);
  }

  private void add(Jump jump) {
    if (jump.change() < spec.leastChange() || jump.change() == 0) {
      flat++;
    } else if (Double.isNaN(jump.share())) {
      sparse++;
      shares.add(Bounds.UNKNOWN);
    } else {
      shares.add(Bounds.exactly(jump.share()));
      back += jump.share() > OVERSHOT ? 1 : 0;
      from.add(jump.from());
      to.add(jump.to());
    }
  }

  ClaimReport report() {
    String part = Numeral.of(100 * spec.window()) + "% of a run";
    String reason =
        "the share of the change of "
            + spec.metric()
            + " that falls within "
            + part
            + " is "
            + shares.words()
            + where()
            + "; "
            + shares.claim()
            + (flat == 0 ? "" : "; " + Numeral.count(flat, "curve") + leftOut())
            + (back == 0 ? "" : "; in " + Numeral.count(back, "curve") + WENT_BACK)
            + (sparse == 0
                ? ""
                : "; in " + sparse + " no two evaluations are within " + part + ", so it is open")
            + (ended == 0 ? "" : "; " + Numeral.count(ended, "run") + " failed or diverged")
            + (unmeasured == 0 ? "" : "; " + Numeral.count(unmeasured, "run") + NO_NUMBER)
            + (missing > 0 ? OneCondition.lacking(missing) : "");
    return new ClaimReport(
        spec, shares.verdict(missing), reason, shares.all(), List.of(), numbers(), missing);
  }

  private String leftOut() {
    return (spec.leastChange() > 0
            ? " whose change is below " + Numeral.of(spec.leastChange())
            : " without any change")
        + " left out";
  }

  /** A clause about where the jump is. */
  private String where() {
    return from.isEmpty()
        ? ""
        : (from.size() == 1 ? ", from " : "; the median jump is from ")
            + (inTime ? "t = " : "step ")
            + Numeral.of(median(from))
            + " to "
            + Numeral.of(median(to));
  }

  private static double median(List<Double> steps) {
    return EachRun.median(steps.stream().mapToDouble(s -> s).sorted().toArray());
  }

  private Map<String, Object> numbers() {
    Map<String, Object> out = new LinkedHashMap<>(shares.numbers());
    out.put("left_out", flat);
    if (!from.isEmpty()) {
      out.put("median_from", median(from));
      out.put("median_to", median(to));
    }
    return out;
  }
}
