package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.AttentionRecord;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Derived;
import dev.emergence.spec.Keys;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** W203: thresholds that no training can pass, or that are passed whatever is learned. */
final class ThresholdWarnings {
  /** Metrics between 0 and 1, by how their names end. */
  private static final Map<String, String> SHARES =
      Map.of(
          ".accuracy", "an accuracy",
          ".exact", "a share of sequences",
          ".probability", "a probability");

  private static final List<String> ATTENTION =
      Stream.of(AttentionRecord.values())
          .filter(record -> record != AttentionRecord.ENTROPY && record != AttentionRecord.IOU)
          .map(Keys::word)
          .toList();

  /** What names a part of a test set's targets, such as {@code .out} and {@code .row.3}. */
  private static final Pattern PART =
      Pattern.compile("(?<=\\.(loss|accuracy))\\.[a-z]+(\\.\\d+)?$");

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
    AlikeThresholds warned = new AlikeThresholds(out, tree, Code.W203);
    found.forEach(
        (name, what) ->
            warned.add(name, what, "runs then end as unreached, or as reached at step 0"));
    warned.report();
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
    String metric = plain(t.metric());
    Optional<String> share = share(metric);
    boolean loss = metric.endsWith(".loss");
    return share.isPresent() || loss
        ? wrong(t, share.orElse("a loss"), share.isPresent())
        : Optional.empty();
  }

  /** The metric of which one is a part, or of parts of which it is the smallest or largest. */
  private static String plain(String metric) {
    String one =
        Derived.parse(metric)
            .filter(d -> d.folds() && !d.shares())
            .map(d -> d.before() + "0" + d.after())
            .orElse(metric);
    return PART.matcher(one).replaceFirst("");
  }

  /** What a metric is that lies between 0 and 1; empty for others. */
  private static Optional<String> share(String metric) {
    return metric.startsWith("attention.")
        ? ATTENTION.stream()
            .filter(record -> metric.endsWith("." + record))
            .findFirst()
            .map(record -> "a share of attention")
        : SHARES.entrySet().stream()
            .filter(share -> metric.endsWith(share.getKey()))
            .findFirst()
            .map(Map.Entry::getValue);
  }

  /**
   * What is wrong with the level of a metric that is not below 0.
   *
   * @param share whether it is not above 1 either
   */
  private static Optional<String> wrong(Threshold t, String metric, boolean share) {
    boolean absolute = t.relativeTo() == Relative.ABSOLUTE;
    if (t.below().filter(level -> level <= 0).isPresent()) {
      return Optional.of("is never passed: " + metric + " is not below 0");
    }
    if (absolute && share && t.above().filter(level -> level >= 1).isPresent()) {
      return Optional.of("is never passed: " + metric + " is not above 1");
    }
    if (absolute && share && t.below().isPresent() && t.from().filter(l -> l >= 1).isPresent()) {
      return Optional.of(
          "is never passed: " + metric + " is not above 1, from where it is to fall");
    }
    if (t.above().isPresent() && t.from().filter(level -> level <= 0).isPresent()) {
      return Optional.of(
          "is never passed: " + metric + " is not below 0, from where it is to rise");
    }
    if (t.above().filter(level -> level < 0).isPresent()
        || (absolute && share && t.below().filter(level -> level > 1).isPresent())) {
      return Optional.of("is passed before training: " + metric + " is always on this side");
    }
    return Optional.empty();
  }
}
