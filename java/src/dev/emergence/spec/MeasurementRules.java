package dev.emergence.spec;

import dev.emergence.spec.MeasurementSpec.AttentionRecord;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Whether what is to be measured exists. */
final class MeasurementRules {
  private MeasurementRules() {}

  static void apply(Parts parts) {
    MeasurementSpec measurement = parts.measurement();
    measurement
        .thresholds()
        .forEach(
            (name, t) -> level(parts, t, "threshold " + name, "measurement.thresholds." + name));
    stop(parts);
    testSets(parts);
    attention(parts);
    checkpoints(parts);
  }

  /** A level of a metric. {@code path} is the key that holds it. */
  static void level(Parts parts, Threshold level, String name, String path) {
    if (level.below().isPresent() == level.above().isPresent()) {
      parts.report(
          path,
          name + " needs either below or above",
          "below: 0.1 for a loss, above: 0.95 for an accuracy");
    }
    List<String> known = Metrics.of(parts);
    if (!Metrics.has(parts, known, level.metric())) {
      String at = path.startsWith("measurement.thresholds") ? path + ".metric" : path;
      parts.report(
          Problem.at(
              "E151",
              at,
              "nothing measures '" + level.metric() + "'",
              Metrics.unrecorded(parts.measurement(), level.metric())
                  .orElse("known: " + String.join(" ", known))));
    }
  }

  private static void stop(Parts parts) {
    MeasurementSpec.Stop stop = parts.measurement().stop();
    if (stop.never() == stop.when().isPresent()) {
      parts.report(
          "measurement.stop",
          "stop needs either when or never",
          "stop: {when: plateau, extra: 20%}, or stop: {never: true}");
    }
    stop.when().ifPresent(name -> threshold(parts, name, "measurement.stop.when", "stop.when"));
  }

  private static void threshold(Parts parts, String name, String path, String who) {
    var known = parts.measurement().thresholds().keySet();
    if (!known.contains(name)) {
      String hint =
          known.isEmpty() ? "there are no thresholds" : "known: " + String.join(" ", known);
      parts.report(
          Problem.at("E150", path, who + " names '" + name + "', which is no threshold", hint));
    }
  }

  private static void testSets(Parts parts) {
    parts
        .measurement()
        .testSets()
        .forEach(
            (name, set) -> {
              if (name.equals("train") && !trained(set)) {
                parts.report(
                    "measurement.test_sets.train",
                    "a test set named train must be as_trained: train.loss is the loss on training"
                        + " data",
                    "choose another name");
              }
              if (set.queryPlacement().isPresent() && !hasPlacement(parts.task())) {
                parts.report(
                    "measurement.test_sets." + name + ".query_placement",
                    "query_placement is for associative_recall only",
                    "leave it out",
                    "task.kind");
              }
              set.prompts().ifPresent(prompts -> prompts(parts, name, prompts));
            });
  }

  private static void prompts(Parts parts, String testSet, String prompts) {
    List<String> known = parts.task().prompts();
    if (!known.contains(prompts)) {
      String kind = Keys.kindOf((Record) parts.task());
      parts.report(
          "measurement.test_sets." + testSet + ".prompts",
          kind + " has no prompts '" + prompts + "'",
          known.isEmpty() ? "leave it out" : "known: " + String.join(" ", known),
          "task.kind");
    }
  }

  /** A key of a test set lies over the task's key of that name. */
  private static boolean hasPlacement(TaskSpec task) {
    return Keys.of(task.getClass()).stream().anyMatch(key -> key.name().equals("query_placement"));
  }

  private static boolean trained(MeasurementSpec.TestSet set) {
    return set.inContext().isEmpty()
        && set.crossSample().isEmpty()
        && set.queryPlacement().isEmpty()
        && set.prompts().isEmpty();
  }

  private static void checkpoints(Parts parts) {
    MeasurementSpec.Checkpoints checkpoints = parts.measurement().checkpointsAt();
    String path = "measurement.checkpoints_at";
    if (checkpoints.any() && !parts.architecture().isTrained()) {
      parts.report(
          path,
          "a gradient flow is integrated and has no steps at which parameters are stored",
          "leave checkpoints_at out",
          "architecture.kind");
    }
    for (String at : checkpoints.at()) {
      if (isStep(at) && Long.parseLong(at) > parts.training().maxSteps()) {
        parts.report(
            path,
            "checkpoints_at names step "
                + at
                + ", but the training ends at step "
                + parts.training().maxSteps(),
            "name an earlier step, or last",
            "training.max_steps");
      } else if (!at.equals("last") && !isStep(at)) {
        threshold(parts, at, path, "checkpoints_at");
      }
    }
  }

  private static boolean isStep(String at) {
    return at.matches("0|[1-9][0-9]{0,11}");
  }

  private static void attention(Parts parts) {
    MeasurementSpec.Attention attention = parts.measurement().attention();
    if (parts.architecture().heads() == 0
        && !(attention.record().isEmpty() && attention.picturesAt().isEmpty())) {
      parts.report(
          "measurement.attention",
          Keys.kindOf((Record) parts.architecture()) + " has no heads whose attention is recorded",
          "leave attention out",
          "architecture.kind");
    }
    for (AttentionRecord record : attention.record()) {
      if (!parts.task().attention().contains(record)) {
        parts.report(
            "measurement.attention.record",
            Keys.word(record) + " is not for " + Keys.kindOf((Record) parts.task()),
            Arrays.stream(AttentionRecord.values())
                .filter(parts.task().attention()::contains)
                .map(Keys::word)
                .collect(Collectors.joining(", ", "use ", "")),
            "task.kind");
      }
    }
    attention
        .film()
        .ifPresent(
            film -> {
              if (parts.architecture().heads() == 0) {
                parts.report(
                    "measurement.attention.film",
                    Keys.kindOf((Record) parts.architecture()) + " has no heads to film",
                    "leave film out",
                    "architecture.kind");
              }
              film.around()
                  .ifPresent(
                      name ->
                          threshold(
                              parts, name, "measurement.attention.film.around", "film.around"));
            });
    for (String at : attention.picturesAt()) {
      if (!at.equals("last") && !isStep(at)) {
        threshold(parts, at, "measurement.attention.pictures_at", "pictures_at");
      }
    }
  }
}
