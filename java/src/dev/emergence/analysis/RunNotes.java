package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.result.Outcome;
import dev.emergence.spec.FitSpec;
import java.util.ArrayList;
import java.util.List;

/** What a reader of a law should know about the runs behind it. */
record RunNotes(FitSpec spec, String threshold, List<LawFitter.Timed> runs) {
  /** Brackets wider than this share of the time are worth a word. */
  private static final double COARSE = 0.1;

  List<String> all() {
    List<String> notes = new ArrayList<>();
    unreached(notes);
    diverged(notes);
    coarse(notes);
    BriefCrossings.note(threshold, runs.stream().map(LawFitter.Timed::run).toList())
        .ifPresent(notes::add);
    return notes;
  }

  private void unreached(List<String> notes) {
    long unreached =
        runs.stream().filter(r -> r.emergence() instanceof Emergence.Unreached).count();
    if (unreached == 0) {
      return;
    }
    boolean excluded = spec.unreachedOrDefault() == FitSpec.Unreached.EXCLUDE;
    notes.add(
        unreached
            + " of "
            + runs.size()
            + " runs are unreached and "
            + (excluded
                ? "LEFT OUT: the law is that of the faster runs, so its times are too short where"
                    + " runs are missing"
                : "enter as later than their last evaluation"));
  }

  private void diverged(List<String> notes) {
    long later =
        runs.stream()
            .filter(r -> r.emergence() instanceof Emergence.Reached)
            .filter(r -> r.run().ended().filter(Outcome.State.COMPLETE::equals).isEmpty())
            .count();
    if (later > 0) {
      notes.add(
          later
              + " of "
              + runs.size()
              + " runs diverged or failed after the crossing; the crossing counts");
    }
  }

  private void coarse(List<String> notes) {
    long reached = 0;
    long wide = 0;
    double widest = 0;
    for (LawFitter.Timed r : runs) {
      if (r.emergence() instanceof Emergence.Reached at && at.step() > 0) {
        double share = (at.step() - at.lower()) / at.step();
        reached++;
        wide += share > COARSE ? 1 : 0;
        widest = Math.max(widest, share);
      }
    }
    if (wide > 0 && spec.method() != FitSpec.Method.INTERVAL) {
      notes.add(
          "evaluations are coarse: in "
              + wide
              + " of "
              + reached
              + " runs the crossing is known to "
              + Math.round(100 * COARSE)
              + " to "
              + Math.round(100 * widest)
              + " % of its time only; evaluate more often, or use method: interval");
    }
  }
}
