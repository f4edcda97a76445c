package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.measure.Emergence.Reached;
import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Numeral;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many runs passed a level for a moment only. Where a level lies in the noise of a curve, the
 * first evaluation that passes it is chance: its step is then much earlier than the one from which
 * several evaluations in a row pass.
 */
final class BriefCrossings {
  /** So many evaluations in a row are no moment any more. */
  private static final int ENOUGH = 3;

  /** A share of the time by which the later step must be later to be worth a word. */
  private static final double MUCH = 0.1;

  private static final String FAMILY = ".*";

  private int reached;
  private int brief;
  private int never;

  /** Whether it is a fall or a rise, of which what was before must hold as long. */
  private boolean turns;

  private double least = Double.POSITIVE_INFINITY;
  private double most;

  private BriefCrossings() {}

  /**
   * A sentence for each threshold, or family of thresholds, of these runs that has any.
   *
   * @param runs different ones
   */
  static List<String> notes(List<Observation> runs) {
    Map<String, BriefCrossings> of = new LinkedHashMap<>();
    for (Observation run : runs) {
      for (String name : run.thresholds().keySet()) {
        of.computeIfAbsent(family(name), n -> new BriefCrossings()).add(run, name);
      }
    }
    return of.entrySet().stream().flatMap(e -> e.getValue().sentence(e.getKey()).stream()).toList();
  }

  /** A sentence about one threshold of these runs, if it has any. */
  static Optional<String> note(String threshold, List<Observation> runs) {
    BriefCrossings all = new BriefCrossings();
    runs.forEach(run -> all.add(run, threshold));
    return all.sentence(threshold);
  }

  private static String family(String threshold) {
    int dot = threshold.indexOf('.');
    return dot < 0 ? threshold : threshold.substring(0, dot) + FAMILY;
  }

  /** Integrations have rows where their curve bends, and no noise. */
  private void add(Observation run, String name) {
    if (!run.config().architecture().isTrained()
        || !(run.emergence(name) instanceof Reached first)) {
      return;
    }
    reached++;
    Threshold level = run.thresholds().get(name);
    turns |= level.from().isPresent();
    if (first.step() == 0 || level.hold() >= ENOUGH) {
      return;
    }
    if (Emergence.of(run.curve(), name, level.holding(ENOUGH)) instanceof Reached later) {
      later(later.step() / first.step());
    } else if (evaluationsFrom(first.step(), run.curve()) >= ENOUGH) {
      brief++;
      never++;
    }
  }

  private void later(double ratio) {
    if (ratio > 1 + MUCH) {
      brief++;
      least = Math.min(least, ratio);
      most = Math.max(most, ratio);
    }
  }

  private static long evaluationsFrom(double step, Curve curve) {
    return Arrays.stream(curve.steps()).filter(s -> s >= step).count();
  }

  private Optional<String> sentence(String name) {
    if (brief == 0) {
      return Optional.empty();
    }
    return Optional.of(
        name
            + " is passed for a moment only"
            + (turns ? ", or from where it was for a moment only," : "")
            + " in "
            + brief
            + " of "
            + reached
            + (name.endsWith(FAMILY) ? " crossings" : " runs")
            + ", and by "
            + ENOUGH
            + " evaluations in a row "
            + when()
            + ": such times are partly chance; hold: "
            + ENOUGH
            + (never == brief ? " would count none of them" : " would take the later ones"));
  }

  private String when() {
    if (never == brief) {
      return "at no later step";
    }
    String from = tenths(least);
    String to = tenths(most);
    String times = (from.equals(to) ? to : from + " to " + to) + " times as late";
    return never == 0 ? times : times + ", or never";
  }

  private static String tenths(double ratio) {
    return Numeral.of(Math.round(10 * ratio) / 10.0);
  }
}
