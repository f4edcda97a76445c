package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** W203: thresholds that no training can pass, or that are passed whatever is learned. */
final class ThresholdWarnings {
  private final Diagnostics out;
  private final Node.Mapping tree;

  ThresholdWarnings(Diagnostics out, Node.Mapping tree) {
    this.out = out;
    this.tree = tree;
  }

  void all(List<Condition> conditions) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Condition c : conditions) {
      c.config()
          .measurement()
          .thresholds()
          .forEach(
              (name, t) -> wrong(t, c.config()).ifPresent(what -> found.putIfAbsent(name, what)));
    }
    found.forEach(
        (name, what) ->
            out.report(
                Trees.nearest(tree, "measurement.thresholds." + name, tree.place()),
                Code.W203,
                "threshold " + name + " " + what,
                "runs then end as unreached, or as reached at step 0"));
  }

  private static Optional<String> wrong(Threshold t, RunConfig config) {
    double evaluations =
        Math.floor((double) config.training().maxSteps() / config.measurement().evaluateEvery())
            + 1;
    if (!config.training().optimizer().inTime() && t.hold() > evaluations) {
      return Optional.of(
          "must hold for "
              + t.hold()
              + " evaluations, and there are "
              + Texts.number(evaluations)
              + ": it is never passed");
    }
    boolean accuracy = t.metric().endsWith(".accuracy");
    if (!accuracy && !t.metric().endsWith(".loss")) {
      return Optional.empty();
    }
    String metric = accuracy ? "an accuracy" : "a loss";
    boolean absolute = t.relativeTo() == Relative.ABSOLUTE;
    if (t.below().filter(level -> level <= 0).isPresent()) {
      return Optional.of("is never passed: " + metric + " is not below 0");
    }
    if (absolute && accuracy && t.above().filter(level -> level >= 1).isPresent()) {
      return Optional.of("is never passed: an accuracy is not above 1");
    }
    if (absolute && accuracy && t.below().isPresent() && t.from().filter(l -> l >= 1).isPresent()) {
      return Optional.of("is never passed: an accuracy is not above 1, from where it is to fall");
    }
    if (t.above().isPresent() && t.from().filter(level -> level <= 0).isPresent()) {
      return Optional.of(
          "is never passed: " + metric + " is not below 0, from where it is to rise");
    }
    if (t.above().filter(level -> level < 0).isPresent()
        || (absolute && accuracy && t.below().filter(level -> level > 1).isPresent())) {
      return Optional.of("is passed before training: " + metric + " is always on this side");
    }
    return Optional.empty();
  }
}
