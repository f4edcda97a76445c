package dev.emergence.execute.run;

import dev.emergence.measure.Emergence;
import dev.emergence.plan.Demand;
import dev.emergence.result.Curve;
import dev.emergence.result.Picture;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * When attention patterns are kept: at given steps, at the evaluation that crosses a threshold, and
 * at the end.
 */
final class PicturePolicy {
  static final String LAST = "last";
  private final List<Demand> demands;

  PicturePolicy(List<Demand> demands) {
    this.demands = demands;
  }

  /** The steps at which training must pause for a picture, ascending. */
  TreeSet<Long> steps() {
    return labels().stream()
        .filter(PicturePolicy::isStep)
        .map(Long::parseLong)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Labels of the pictures to be taken now.
   *
   * @param have those taken before
   */
  Set<String> due(long step, Curve curve, List<Picture> have) {
    Set<String> due = new LinkedHashSet<>();
    for (String label : labels()) {
      // Asked first, because a crossing is looked for in the whole curve.
      if (taken(label, have)) {
        continue;
      }
      boolean now =
          isStep(label)
              ? Long.parseLong(label) == step
              : !label.equals(LAST) && crossed(label, curve);
      if (now) {
        due.add(label);
      }
    }
    return due;
  }

  /** Whether the end's patterns are wanted. */
  boolean last() {
    return labels().contains(LAST);
  }

  /** Whether a run that stands at {@code step} lacks a picture that it can no longer take. */
  boolean missed(long step, Curve curve, List<Picture> have) {
    for (String label : labels()) {
      boolean past =
          isStep(label)
              ? Long.parseLong(label) < step
              : !label.equals(LAST) && crossed(label, curve);
      if (past && !taken(label, have)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a run that ended at {@code step} has every picture that its course allows. */
  boolean complete(long step, Curve curve, List<Picture> have) {
    boolean atEnd = have.stream().anyMatch(p -> p.label().equals(LAST) && p.step() == step);
    return !missed(step, curve, have) && (!last() || atEnd);
  }

  private Set<String> labels() {
    return demands.stream()
        .flatMap(d -> d.picturesAt().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private boolean crossed(String label, Curve curve) {
    return demands.stream()
        .filter(d -> d.picturesAt().contains(label) && d.thresholds().containsKey(label))
        .anyMatch(
            d ->
                Emergence.of(curve, label, d.thresholds().get(label)) instanceof Emergence.Reached);
  }

  private static boolean taken(String label, List<Picture> have) {
    return have.stream().anyMatch(p -> p.label().equals(label));
  }

  private static boolean isStep(String label) {
    return label.matches("\\d{1,18}");
  }
}
