package dev.emergence.analysis;

import dev.emergence.fit.MeanInterval;
import dev.emergence.spec.HeadsClaim;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges what changed heads do in a study, by the mean over its runs. */
final class HeadsJudge {
  private final HeadsClaim spec;
  private final StudyTable table;
  private final int missing;

  HeadsJudge(Analysis analysis, HeadsClaim spec) {
    this.spec = spec;
    Where where = new Where(spec.where(), analysis.symbols());
    this.table =
        analysis
            .study(spec.data())
            .only(
                run -> where.matches(run.condition()) && where.matches(run.seed()), this::isMeant);
    this.missing = (int) table.lacks().stream().filter(StudyTable.Lack::open).count();
  }

  private boolean isMeant(StudyTable.Row row) {
    return spec.direction().map(d -> Keys.word(d).equals(row.text("direction"))).orElse(true)
        && spec.at().map(at -> at.equals(row.text("at"))).orElse(true);
  }

  ClaimReport report() {
    Optional<HeadSummary.Line> line =
        HeadSummary.of(table).stream()
            .filter(l -> l.heads() == spec.heads())
            .filter(l -> !spec.heads().hasSize() || l.size() == spec.size())
            .findFirst();
    MeanInterval mean = line.map(this::number).orElse(MeanInterval.of(new double[0], 0.95));
    Bounds judged = Bounds.exactly(mean.mean());
    Verdict verdict =
        missing > 0 ? Verdict.UNDECIDED : RatioJudge.verdict(judged, spec.atLeast(), spec.atMost());
    String reason =
        (line.map(l -> l.group() + ": ").orElse(""))
            + words(mean)
            + "; claimed is "
            + RatioJudge.band(spec.atLeast(), spec.atMost())
            + without();
    return new ClaimReport(spec, verdict, reason, judged, List.of(), numbers(mean), missing);
  }

  private MeanInterval number(HeadSummary.Line line) {
    return spec.of() == HeadsClaim.Of.EFFECT ? line.effect() : line.recovered();
  }

  private String words(MeanInterval mean) {
    String who = spec.heads().named(spec.size());
    if (mean.count() == 0) {
      return "what it does to change " + who + " is unknown";
    }
    String what =
        spec.of() == HeadsClaim.Of.EFFECT
            ? table.spec().metric() + " changes by " + Numeral.of(mean.mean())
            : Numeral.of(mean.mean()) + " of the way";
    String interval =
        mean.hasInterval()
            ? " (" + RatioJudge.interval(bounds(mean), spec.atLeast(), spec.atMost()) + ")"
            : "";
    return what + interval + " by " + who + " in " + Numeral.count(mean.count(), "run");
  }

  private static Bounds bounds(MeanInterval mean) {
    return new Bounds(mean.lower(), mean.upper());
  }

  private String without() {
    StringBuilder out = new StringBuilder();
    table
        .without()
        .forEach(
            (reason, count) ->
                out.append("; ")
                    .append(count)
                    .append(count == 1 ? " lacks rows: " : " lack rows: ")
                    .append(reason));
    return out.toString();
  }

  private static Map<String, Object> numbers(MeanInterval mean) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("mean", mean.mean());
    if (mean.hasInterval()) {
      out.put("lower", mean.lower());
      out.put("upper", mean.upper());
    }
    out.put("runs", mean.count());
    return out;
  }
}
