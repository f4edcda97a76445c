package dev.emergence.execute.run;

import dev.emergence.measure.Emergence;
import dev.emergence.measure.Moments;
import dev.emergence.plan.Demand;
import dev.emergence.result.Curve;
import dev.emergence.result.Picture;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * When attention patterns are kept: at given steps, at the evaluation that crosses a threshold, and
 * at the end. Conditions that share a run may have other levels of one threshold: there is a
 * picture at each crossing.
 */
final class PicturePolicy {
  static final String LAST = "last";
  private final List<Demand> demands;

  /** Crossings that lie behind: each is looked for in the whole curve until it is found. */
  private final Set<Map.Entry<String, Threshold>> passed = new HashSet<>();

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
      boolean now =
          isStep(label)
              ? Long.parseLong(label) == step
              : !label.equals(LAST) && crosses(label, step, curve);
      if (now && have.stream().noneMatch(p -> p.label().equals(label) && p.step() == step)) {
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
    return levels(label).stream()
        .anyMatch(level -> Emergence.of(curve, label, level) instanceof Emergence.Reached);
  }

  /** Whether this evaluation makes a crossing certain. */
  private boolean crosses(String label, long step, Curve curve) {
    boolean now = false;
    for (Threshold level : levels(label)) {
      if (!passed.contains(Map.entry(label, level))) {
        OptionalLong at = Moments.confirmed(curve, level);
        at.ifPresent(known -> passed.add(Map.entry(label, level)));
        now |= at.isPresent() && at.getAsLong() == step;
      }
    }
    return now;
  }

  /** What conditions understand by a threshold at whose crossing they want patterns. */
  private Set<Threshold> levels(String label) {
    return demands.stream()
        .filter(d -> d.picturesAt().contains(label) && d.thresholds().containsKey(label))
        .map(d -> d.thresholds().get(label))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static boolean taken(String label, List<Picture> have) {
    return have.stream().anyMatch(p -> p.label().equals(label));
  }

  private static boolean isStep(String label) {
    return label.matches("\\d{1,18}");
  }
}
